using Tandem.Numerics;

namespace Tandem.Serving.Pipeline;

/// <summary>Gives each place, with a small probability, to an item drawn evenly from all that pass the filters, and puts
/// each pair of neighbours (first and second, third and fourth, …) in an order tossed for. What is never shown is never
/// learned; where chance orders a pair, a choice tells items apart, not places (FairPairs, Radlinski and Joachims, 2006).
/// The propensities say afterwards what was chance.</summary>
internal sealed class ExploreStage(double share, ulong seed, FilterStage filter) : IStage
{
    private const int Tries = 32;

    private long _requests;

    public string Name => "explore";

    public void Run(RequestContext context)
    {
        if (share <= 0 || !context.Request.Explore)
        {
            return;
        }

        SeededRandom random = new(seed, (ulong)Interlocked.Increment(ref _requests));
        Span<float> scores = context.Scores;
        scores.Clear();
        filter.Strike(context, scores);
        int eligible = scores.Length - scores.Count(float.NegativeInfinity);
        Span<Candidate> list = context.Candidates;
        int explored = 0;
        for (int place = 0; place < list.Length; place++)
        {
            list[place] = list[place] with { Propensity = (float)(1 - share) };
            if (random.NextDouble() < share && Draw(scores, list, ref random) is >= 0 and int item)
            {
                list[place] = new Candidate(item, 0, CandidateSource.Exploration, (float)(share / eligible));
                explored++;
            }
        }

        for (int first = 0; first + 1 < list.Length; first += 2)
        {
            if (random.NextInt(2) == 1)
            {
                (list[first], list[first + 1]) = (list[first + 1], list[first]);
            }

            Halve(ref list[first]);
            Halve(ref list[first + 1]);
        }

        context.Note = $"{explored} by chance";
    }

    /// <summary>An item of the model comes to a place of its pair by a toss; one drawn by chance is as likely in
    /// either.</summary>
    private static void Halve(ref Candidate candidate)
    {
        if (candidate.Source != CandidateSource.Exploration)
        {
            candidate = candidate with { Propensity = candidate.Propensity / 2 };
        }
    }

    /// <summary>Draws an item that passes the filters and is not in the list, or gives -1 after many tries.</summary>
    private static int Draw(ReadOnlySpan<float> scores, ReadOnlySpan<Candidate> list, ref SeededRandom random)
    {
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            int item = random.NextInt(scores.Length);
            if (!float.IsNegativeInfinity(scores[item]) && !Contains(list, item))
            {
                return item;
            }
        }

        return -1;
    }

    private static bool Contains(ReadOnlySpan<Candidate> list, int item)
    {
        foreach (Candidate candidate in list)
        {
            if (candidate.Item == item)
            {
                return true;
            }
        }

        return false;
    }
}
