namespace Tandem.Training.Tests;

public sealed class TrainingLoopOptionsTests
{
    [Theory]
    [InlineData(4, false, 4)]
    [InlineData(4, true, 3)]
    [InlineData(1, true, 1)]
    public void ThreadsNow_InAProcessThatServes_LeavesOneToRequests(int threads, bool serves, int expected)
    {
        TrainingLoopOptions options = new() { SpecHash = "", CodeVersion = "", ThreadCount = threads, IsShared = () => serves };

        Assert.Equal(expected, options.ThreadsNow);
        Assert.Equal(threads, (options with { IsShared = null }).ThreadsNow);
    }
}
