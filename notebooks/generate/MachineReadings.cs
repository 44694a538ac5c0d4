using System.Globalization;

namespace TensorCell.Notebooks;

/// <summary>
/// Invented readings of condition monitoring: twelve machines, a reading each every 15 minutes for three weeks, and the state that an
/// inspection later found. The physics are those of the field, simplified: an unbalanced rotor shakes once a turn, with the square of its
/// speed; a misaligned coupling shakes twice a turn and warms; a worn bearing rattles at high frequency, in rare sharp knocks (kurtosis).
/// A fault grows from nothing over days, machines differ, and sensors drop out, so that the states overlap.
/// </summary>
internal static class MachineReadings
{
    private const int ReadingsPerMachine = 2000;
    private static readonly DateTime start = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly string[] kinds = ["pump", "fan", "press"];

    private enum State
    {
        Healthy,
        Imbalance,
        Misalignment,
        Bearing,
    }

    /// <summary>The header and 24 000 rows, ordered by time, the same in every run.</summary>
    public static IEnumerable<string> Lines()
    {
        Random random = new(20260302);
        Machine[] machines = [.. Enumerable.Range(0, 12).Select(index => new Machine(random, $"{kinds[index % 3]}-{(index / 3) + 1}", index % 3))];
        yield return "time,machine,speed_rpm,load,vibration_1x,vibration_2x,high_band,kurtosis,temperature_c,current_a,state";
        for (int reading = 0; reading < ReadingsPerMachine; reading++)
        {
            foreach (Machine machine in machines)
            {
                yield return machine.Read(random, start.AddMinutes(15 * reading));
            }
        }
    }

    private sealed class Machine
    {
        private readonly string name;
        private readonly double ratedSpeed;
        private readonly double ratedCurrent;
        private readonly double baseVibration;
        private readonly double baseTemperature;
        private double load;
        private State state = State.Healthy;
        private int readingsLeft;
        private int readingsIn;

        public Machine(Random random, string name, int kind)
        {
            this.name = name;
            ratedSpeed = new[] { 2950.0, 1480.0, 980.0 }[kind];
            ratedCurrent = new[] { 14.0, 9.0, 31.0 }[kind] * (1 + (0.08 * Normal(random)));
            baseVibration = Math.Exp((0.25 * Normal(random)) - 0.2);
            baseTemperature = 38 + (4 * kind) + (2 * Normal(random));
            load = 0.6;
            readingsLeft = random.Next(80, 700);
        }

        public string Read(Random random, DateTime time)
        {
            Age(random);
            double daily = 0.18 * Math.Sin((time.TimeOfDay.TotalHours - 8) / 24 * 2 * Math.PI);
            load = Math.Clamp(load + (0.15 * (0.62 + daily - load)) + (0.05 * Normal(random)), 0.05, 1.1);
            double speed = ratedSpeed * (1.012 - (0.03 * load)) * (1 + (0.002 * Normal(random)));
            double severity = state == State.Healthy ? 0 : 0.25 + (0.75 * Math.Min(1, readingsIn / 150.0));
            double shaking = Math.Pow(speed / 1500, 2);

            double once = baseVibration * (0.7 + (0.35 * load)) * (0.6 + (0.4 * shaking));
            double twice = 0.35 * baseVibration * (0.7 + (0.5 * load));
            double highBand = 0.12 * (0.6 + (0.6 * load)) * (0.5 + (0.5 * speed / 1500));
            double knocks = 3.0 + (0.15 * Math.Abs(Normal(random)));
            double warming = 0;
            switch (state)
            {
                case State.Imbalance:
                    once += 2.4 * severity * (0.35 + (0.65 * shaking));
                    twice *= 1 + (0.3 * severity);
                    break;
                case State.Misalignment:
                    once *= 1 + (0.5 * severity);
                    twice += 1.5 * severity * (0.5 + load);
                    warming = 5 * severity;
                    break;
                case State.Bearing:
                    // Late wear blurs the knocks into noise: kurtosis falls again while the high band goes on rising.
                    knocks += 4.5 * severity * (1.25 - severity) * (1 + (0.4 * Normal(random)));
                    highBand *= 1 + (2.6 * severity * severity);
                    warming = 3 * severity;
                    break;
            }

            double temperature = baseTemperature + (19 * load) + (3 * Math.Sin((time.TimeOfDay.TotalHours - 9) / 24 * 2 * Math.PI))
                + warming + (1.2 * Normal(random));
            double current = ratedCurrent * (0.32 + (0.66 * load)) * (1 + (0.02 * severity) + (0.025 * Normal(random)));
            string[] fields =
            [
                time.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
                name,
                Number(speed, "F0"),
                Number(load, "F2"),
                Number(Spread(random, once, 0.16), "F3"),
                Number(Spread(random, twice, 0.2), "F3"),
                Number(Spread(random, highBand, 0.22), "F3"),
                random.NextDouble() < 0.004 ? "" : Number(Math.Max(1.8, knocks + (0.25 * Normal(random))), "F2"),
                random.NextDouble() < 0.012 ? "" : Number(temperature, "F1"),
                Number(current, "F1"),
                state.ToString().ToLowerInvariant(),
            ];
            return string.Join(',', fields);
        }

        private void Age(Random random)
        {
            readingsIn++;
            if (--readingsLeft > 0)
            {
                return;
            }

            state = state == State.Healthy ? (State)random.Next(1, 4) : State.Healthy;
            readingsLeft = state == State.Healthy ? random.Next(150, 600) : random.Next(120, 380);
            readingsIn = 0;
        }

        private static double Spread(Random random, double value, double share) => value * Math.Exp(share * Normal(random));

        private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

        /// <summary>A normal variate by the polar method (Marsaglia and Bray 1964).</summary>
        private static double Normal(Random random)
        {
            while (true)
            {
                double x = (2 * random.NextDouble()) - 1;
                double y = (2 * random.NextDouble()) - 1;
                double square = (x * x) + (y * y);
                if (square is > 0 and < 1)
                {
                    return x * Math.Sqrt(-2 * Math.Log(square) / square);
                }
            }
        }
    }
}
