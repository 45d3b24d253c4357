namespace Tandem.Spec.Grammar;

/// <summary>Short names for the shapes that sections are declared with.</summary>
internal static class Shapes
{
    public static readonly Shape<bool> Flag = new FlagShape();

    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Any window: a second to ten years.</summary>
    public static readonly Shape<TimeSpan> Window = Duration(TimeSpan.FromSeconds(1));

    public static Shape<int> Whole(int minimum, int maximum) => new WholeShape<int>(minimum, maximum);

    public static Shape<double> Number(double minimum, double maximum = double.PositiveInfinity) =>
        new NumberShape(minimum, maximum);

    public static Shape<TimeSpan> Duration(TimeSpan minimum) => new DurationShape(minimum, Longest);

    public static Shape<T> OneOf<T>(params IReadOnlyList<(string Word, T Value)> words)
        where T : struct, Enum =>
        new MappedShape<string, T>(
            new WordShape([.. words.Select(static each => each.Word)]),
            word => words.First(each => each.Word == word).Value,
            value => words.First(each => EqualityComparer<T>.Default.Equals(each.Value, value)).Word);

    public static Shape<T?> OrNone<T>(this Shape<T> shape)
        where T : struct =>
        new OptionalShape<T, T?>(shape, static value => value, static value => value!.Value);

    public static Shape<T?> OrNothing<T>(this Shape<T> shape)
        where T : class =>
        new OptionalShape<T, T?>(shape, static value => value, static value => value!);

    public static Shape<IReadOnlyList<T>> List<T>(
        Shape<T> item, string said, int minimum = 0, int maximum = 100, bool isUnique = true) =>
        new ListShape<T>(item, said, minimum, maximum, isUnique);

    public static Shape<IReadOnlyDictionary<string, T>> Map<T>(
        Shape<string> key, Shape<T> item, string said, int minimum = 0) =>
        new MapShape<T>(key, item, said, minimum);
}
