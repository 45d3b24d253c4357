namespace Tandem.Testing;

/// <summary>Drawings of made-up characters: a class is a line through four points, a copy of it somebody's hand, moved a
/// little as a whole and point by point.</summary>
internal static class TestDrawings
{
    private const int PointCount = 4;
    private const int StepCount = 40;

    /// <summary>Draws a character in black on white.</summary>
    /// <param name="number">Class.</param>
    /// <param name="copy">Which drawing of it.</param>
    /// <param name="side">Rows and columns.</param>
    /// <returns>A grey byte a place, shape (side, side).</returns>
    public static byte[] Draw(int number, int copy, int side)
    {
        Random character = new(1000 + number);
        Random hand = new((7919 * (number + 1)) + copy);
        double moveX = 0.2 * (hand.NextDouble() - 0.5);
        double moveY = 0.2 * (hand.NextDouble() - 0.5);
        (double X, double Y)[] points =
        [
            .. Enumerable.Range(0, PointCount).Select(_ => (
                X: 0.2 + (0.6 * character.NextDouble()) + moveX + (0.06 * (hand.NextDouble() - 0.5)),
                Y: 0.2 + (0.6 * character.NextDouble()) + moveY + (0.06 * (hand.NextDouble() - 0.5)))),
        ];
        byte[] pixels = new byte[side * side];
        Array.Fill(pixels, byte.MaxValue);
        for (int step = 0; step < (PointCount - 1) * StepCount; step++)
        {
            (int first, int within) = Math.DivRem(step, StepCount);
            double share = (double)within / StepCount;
            Dot(pixels, side,
                points[first].X + (share * (points[first + 1].X - points[first].X)),
                points[first].Y + (share * (points[first + 1].Y - points[first].Y)));
        }

        return pixels;
    }

    private static void Dot(byte[] pixels, int side, double x, double y)
    {
        int width = Math.Max(1, side / 16);
        for (int at = 0; at < width * width; at++)
        {
            int column = (int)(x * side) + (at % width);
            int row = (int)(y * side) + (at / width);
            if (column >= 0 && row >= 0 && column < side && row < side)
            {
                pixels[(row * side) + column] = 0;
            }
        }
    }
}
