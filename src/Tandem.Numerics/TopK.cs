using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

/// <summary>Chooses the k largest of many numbers; equal numbers are ordered by the lowest index first.</summary>
public static class TopK
{
    /// <summary>Finds the indices of the largest numbers, largest first.</summary>
    /// <param name="values">Numbers to choose from. Negative infinity and NaN are never chosen.</param>
    /// <param name="indices">Receives the indices; its length is k.</param>
    /// <returns>How many were chosen: k, or fewer where there are fewer candidates.</returns>
    /// <remarks>O(n + k·log k·log n) on random order: one vector pass against the smallest of the chosen, kept in a
    /// heap in <paramref name="indices"/> itself. Allocates nothing.</remarks>
    public static int Select(ReadOnlySpan<float> values, Span<int> indices)
    {
        int count = 0;
        int next = 0;
        while (count < indices.Length && next < values.Length)
        {
            if (values[next] > float.NegativeInfinity)
            {
                indices[count] = next;
                SiftUp(values, indices, count++);
            }

            next++;
        }

        if (count > 0 && count == indices.Length)
        {
            Improve(values, indices, next);
        }

        Sort(values, indices[..count]);
        return count;
    }

    /// <summary>The place of one number when all are ordered largest first, equal ones by the lowest index
    /// first.</summary>
    /// <param name="values">All numbers, without NaN.</param>
    /// <param name="index">Index of the number.</param>
    /// <returns>1 for the first.</returns>
    /// <remarks>O(n), one vector pass. Allocates nothing.</remarks>
    public static int RankOf(ReadOnlySpan<float> values, int index)
    {
        float value = values[index];
        int rank = 1 + CountGreater(values[index..], value) + CountGreater(values[..index], value);
        foreach (float before in values[..index])
        {
            rank += before == value ? 1 : 0;
        }

        return rank;
    }

    private static int CountGreater(ReadOnlySpan<float> values, float threshold)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int count = 0;
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var threshold512 = Vector512.Create(threshold);
            for (; i + 16 <= values.Length; i += 16)
            {
                count += BitOperations.PopCount(
                    Vector512.GreaterThan(Vector512.LoadUnsafe(ref first, (nuint)i), threshold512)
                        .ExtractMostSignificantBits());
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var threshold256 = Vector256.Create(threshold);
            for (; i + 8 <= values.Length; i += 8)
            {
                count += BitOperations.PopCount(
                    Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)i), threshold256)
                        .ExtractMostSignificantBits());
            }
        }

        for (; i < values.Length; i++)
        {
            count += values[i] > threshold ? 1 : 0;
        }

        return count;
    }

    /// <summary>Replaces the worst of the heap by every later number that is larger. Equal ones lose: their index is
    /// higher.</summary>
    private static void Improve(ReadOnlySpan<float> values, Span<int> heap, int start)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        float worst = values[heap[0]];
        int i = start;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= values.Length; i += 16)
            {
                if (Vector512.GreaterThanAny(Vector512.LoadUnsafe(ref first, (nuint)i), Vector512.Create(worst)))
                {
                    worst = ImproveFrom(values.Slice(0, i + 16), heap, i, worst);
                }
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= values.Length; i += 8)
            {
                if (Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref first, (nuint)i), Vector256.Create(worst)))
                {
                    worst = ImproveFrom(values.Slice(0, i + 8), heap, i, worst);
                }
            }
        }

        _ = ImproveFrom(values, heap, i, worst);
    }

    private static float ImproveFrom(ReadOnlySpan<float> values, Span<int> heap, int start, float worst)
    {
        for (int i = start; i < values.Length; i++)
        {
            if (values[i] > worst)
            {
                heap[0] = i;
                SiftDown(values, heap, 0);
                worst = values[heap[0]];
            }
        }

        return worst;
    }

    /// <summary>Turns the heap, worst first, into a list, best first.</summary>
    private static void Sort(ReadOnlySpan<float> values, Span<int> heap)
    {
        for (int end = heap.Length - 1; end > 0; end--)
        {
            (heap[0], heap[end]) = (heap[end], heap[0]);
            SiftDown(values, heap[..end], 0);
        }
    }

    private static void SiftUp(ReadOnlySpan<float> values, Span<int> heap, int at)
    {
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (!IsWorse(values, heap[at], heap[parent]))
            {
                return;
            }

            (heap[at], heap[parent]) = (heap[parent], heap[at]);
            at = parent;
        }
    }

    private static void SiftDown(ReadOnlySpan<float> values, Span<int> heap, int at)
    {
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= heap.Length)
            {
                return;
            }

            if (child + 1 < heap.Length && IsWorse(values, heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!IsWorse(values, heap[child], heap[at]))
            {
                return;
            }

            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }

    private static bool IsWorse(ReadOnlySpan<float> values, int left, int right) =>
        values[left] < values[right] || (values[left] == values[right] && left > right);
}
