using FsCheck;
using FsCheck.Fluent;

namespace TensorCell.Data.Tests;

/// <summary>Properties over cases that are the same in every run.</summary>
internal static class Properties
{
    public static void Hold<T>(Gen<T> cases, Action<T> property, int count = 300, ulong seed = 20261122) => Prop
        .ForAll(cases.ToArbitrary(), property)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(seed, 1));
}
