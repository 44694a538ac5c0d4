using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Interrupts the running cell.</summary>
internal static class InterruptHandler
{
    public static void Handle(Request request)
    {
        request.Kernel.Interrupt();
        request.Reply([]);
    }
}
