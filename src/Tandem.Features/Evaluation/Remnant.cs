using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tandem.Features.Evaluation;

/// <summary>What all time still needs of events that were dropped, beyond sums and counts.</summary>
internal abstract class Remnant
{
    /// <summary>Makes an empty one for an operation.</summary>
    public static Remnant Of(RemnantPlan plan) => plan.Operation switch
    {
        FeatureOperation.Min or FeatureOperation.Max or FeatureOperation.TopNumbers
            or FeatureOperation.BottomNumbers => new BestNumbers(plan.K, plan.PrefersLarge),
        FeatureOperation.FirstNumber or FeatureOperation.FirstText => new Oldest(),
        FeatureOperation.Unique or FeatureOperation.Histogram or FeatureOperation.Quantile => new Counts(plan),
        FeatureOperation.ApproximateUnique => new Registers(),
        _ => throw new UnreachableException(),
    };

    /// <summary>Takes in an event that is dropped.</summary>
    /// <param name="eventTime">When it happened.</param>
    /// <param name="knownTime">When it became known.</param>
    /// <param name="number">Its number, or NaN.</param>
    /// <param name="code">Code of its text, or -1.</param>
    /// <param name="codes">Texts by code.</param>
    public abstract void Add(long eventTime, long knownTime, double number, int code, EntityIndex codes);

    /// <summary>Codes of the texts it holds; -1 is none.</summary>
    public virtual IEnumerable<int> Codes => [];

    /// <summary>Memory it takes, about.</summary>
    public virtual long MemoryBytes => 64;

    /// <summary>Writes it.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="texts">Place of each code among the texts written before, from 1.</param>
    public abstract void Pack(PackWriter writer, Dictionary<int, int> texts);

    /// <summary>Reads what <see cref="Pack"/> wrote into an empty one.</summary>
    /// <param name="reader">Gives it.</param>
    /// <param name="codes">Codes of the texts, by place.</param>
    public abstract void Unpack(ref PackReader reader, int[] codes);

    /// <summary>Counts an occurrence.</summary>
    public static void CountIn(Dictionary<int, int> counts, int key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;

    /// <summary>The best numbers, best first.</summary>
    public sealed class BestNumbers(int k, bool prefersLarge) : Remnant
    {
        private readonly double[] _numbers = new double[k];
        private int _count;

        public override long MemoryBytes => 64 + (_numbers.Length * sizeof(double));

        public ReadOnlySpan<double> Numbers => _numbers.AsSpan(0, _count);

        public override void Add(long eventTime, long knownTime, double number, int code, EntityIndex codes) =>
            _count = Best.Add(_numbers, _count, number, prefersLarge);

        public override void Pack(PackWriter writer, Dictionary<int, int> texts)
        {
            writer.Whole((ulong)_count);
            foreach (double number in Numbers)
            {
                writer.Number(number);
            }
        }

        public override void Unpack(ref PackReader reader, int[] codes)
        {
            _count = reader.Count();
            for (int i = 0; i < _count; i++)
            {
                _numbers[i] = reader.Number();
            }
        }
    }

    /// <summary>The oldest event.</summary>
    public sealed class Oldest : Remnant
    {
        private (long EventTime, long KnownTime) _times = (long.MaxValue, long.MaxValue);

        public double Number { get; private set; } = double.NaN;

        public int Code { get; private set; } = -1;

        /// <summary>True where it comes before an event that is kept: ties were dropped first because they came
        /// first.</summary>
        public bool IsBefore(long eventTime, long knownTime) => _times.CompareTo((eventTime, knownTime)) <= 0;

        public override void Add(long eventTime, long knownTime, double number, int code, EntityIndex codes)
        {
            if (!IsBefore(eventTime, knownTime))
            {
                _times = (eventTime, knownTime);
                Number = number;
                Code = code;
            }
        }

        public override IEnumerable<int> Codes => [Code];

        public override void Pack(PackWriter writer, Dictionary<int, int> texts)
        {
            writer.Signed(_times.EventTime);
            writer.Signed(_times.KnownTime);
            writer.Number(Number);
            writer.Whole((ulong)texts.GetValueOrDefault(Code));
        }

        public override void Unpack(ref PackReader reader, int[] codes)
        {
            long eventTime = reader.Signed();
            _times = (eventTime, reader.Signed());
            Number = reader.Number();
            int place = reader.Count();
            Code = place == 0 ? -1 : codes[place - 1];
        }
    }

    /// <summary>How often each code, or each bucket of numbers, occurred.</summary>
    public sealed class Counts(RemnantPlan plan) : Remnant
    {
        public Dictionary<int, int> Values { get; } = [];

        public override void Add(long eventTime, long knownTime, double number, int code, EntityIndex codes)
        {
            if (plan.ReadsTexts ? code >= 0 : !double.IsNaN(number))
            {
                CountIn(Values, plan.ReadsTexts ? code : QuantileSketch.KeyOf(number));
            }
        }

        // An entry, its bucket, and as much again that waits for more.
        public override long MemoryBytes => 128 + (Values.Count * 32L);

        public override IEnumerable<int> Codes => plan.ReadsTexts ? Values.Keys : [];

        public override void Pack(PackWriter writer, Dictionary<int, int> texts)
        {
            writer.Whole((ulong)Values.Count);
            foreach ((int key, int count) in Values)
            {
                writer.Signed(plan.ReadsTexts ? texts[key] : key);
                writer.Whole((ulong)count);
            }
        }

        public override void Unpack(ref PackReader reader, int[] codes)
        {
            int count = reader.Count();
            Values.EnsureCapacity(count);
            for (int i = 0; i < count; i++)
            {
                int key = (int)reader.Signed();
                Values[plan.ReadsTexts ? codes[key - 1] : key] = reader.Count();
            }
        }
    }

    /// <summary>Registers of a <see cref="DistinctSketch"/>.</summary>
    public sealed class Registers : Remnant
    {
        public byte[] Values { get; } = new byte[DistinctSketch.Size];

        public override long MemoryBytes => 64 + DistinctSketch.Size;

        public override void Add(long eventTime, long knownTime, double number, int code, EntityIndex codes)
        {
            if (code >= 0)
            {
                DistinctSketch.Add(Values, codes.Utf8(code));
            }
        }

        public override void Pack(PackWriter writer, Dictionary<int, int> texts)
        {
            // Few texts fill few registers: each as its distance from the one before.
            writer.Whole((ulong)(DistinctSketch.Size - Values.AsSpan().Count((byte)0)));
            int before = -1;
            for (int i = 0; i < DistinctSketch.Size; i++)
            {
                if (Values[i] != 0)
                {
                    writer.Whole((ulong)(i - before));
                    writer.Byte(Values[i]);
                    before = i;
                }
            }
        }

        public override void Unpack(ref PackReader reader, int[] codes)
        {
            int at = -1;
            for (int left = reader.Count(); left > 0; left--)
            {
                at += reader.Count();
                Values[at] = reader.Byte();
            }
        }
    }
}
