using Tandem.Faults;
using Tandem.Spec;
using Tandem.Spec.Advice;

namespace Tandem.Workspace.Tests;

/// <summary>Proposals in the words of the running system.</summary>
public sealed class SystemAdviceTests
{
    private static readonly SpecVocabulary Words = WorkspaceVocabulary.Build();

    public static TheoryData<string, string[]> Cases => new()
    {
        { "then=act", ["objective.task: binary", "objective.decision: {by: cost}", "model.predict: boosted_trees", "training.imbalance: none", "evaluation.gate: {metric: log_loss, beats: constant}"] },
        {
            "then=act base_rate=0.002 slots=50 cost_missed=19 label_delay=7d",
            [
                "training.imbalance: down_sample", "evaluation.gate: {metric: precision@50, beats: constant}",
                "objective.costs: {false_positive: 1, false_negative: 19}", "training.split: {by: time, share: 0.2, gap: 7d}",
            ]
        },
        { "then=act p99_ms=0.5", ["model.predict: logistic", "requirements.p99_ms: 0.5"] },
        {
            "then=list slots=5 items=5000 label_delay=1h",
            [
                "objective.task: retrieval", "model.retrieve: ease", "evaluation.gate: {metric: ndcg@5, beats: popular}",
                "training.split: {by: time, test: 1d, gap: 1h}", "serving.slots: 5", "serving.candidate_count: 100",
            ]
        },
        { "then=list items=3000000 slots=100", ["model.retrieve: ials", "requirements.items: 3000000", "serving.candidate_count: 1000"] },
        { "then=order slots=3", ["objective.task: ranking", "evaluation.metrics: [ndcg@3, mrr]", "evaluation.baselines: [constant]"] },
        { "then=route", ["objective.task: multiclass", "objective.label: {event: row, column: class}"] },
        { "then=quantity", ["objective.task: regression", "evaluation.gate: {metric: mae, beats: constant}"] },
        { "then=quantity cost_wrong=1 cost_missed=4", ["objective.task: quantile", "objective.quantiles: [0.8]"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Propose_OfAnswers_IsAFileWithoutFaults_AndEachLineHasItsReason(string answers, string[] expected)
    {
        AdviceProposal proposal = SystemAdvice.Propose(Read(answers), Words);

        Assert.Empty(proposal.File.Faults);
        Assert.Empty(SpecSupport.Find(proposal.File));
        string[] lines = [.. proposal.Lines.Select(static line => $"{line.Path}: {line.Said}")];
        Assert.All(expected, line => Assert.Contains(line, lines, StringComparer.Ordinal));
        Assert.All(proposal.Lines, static line => Assert.True(line.Reason.Length > 10, line.Path));
        Assert.Equal(lines.Length, proposal.Lines.Select(static line => line.Path).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>Whatever is said, the proposal can be read.</summary>
    [Fact]
    public void Propose_OfAnyAnswers_IsAFileWithoutFaults()
    {
        string[][] all =
        [
            ["act", "list", "order", "route", "quantity"], ["0", "1", "1000"], ["1", "1000"], ["1", "0.001"], ["0.5", "0.0001"],
            ["0", "90d"], ["1", "1000000000"], ["0.01", "1000"],
        ];
        string[] keys = ["then", "slots", "cost_wrong", "cost_missed", "base_rate", "label_delay", "items", "p99_ms"];
        int count = all.Aggregate(1, static (product, answers) => product * answers.Length);
        for (int number = 0; number < count; number++)
        {
            int left = number;
            string answers = string.Join(' ', keys.Select((key, i) =>
            {
                string answer = $"{key}={all[i][left % all[i].Length]}";
                left /= all[i].Length;
                return answer;
            }));

            SpecFile file = SystemAdvice.Propose(Read(answers), Words).File;

            Assert.True(file.Faults.Count == 0, $"{answers}: {string.Join(' ', file.Faults)}");
        }
    }

    [Fact]
    public void Propose_OntoAFileOfTheSameTask_ChangesOnlyWhatAnswersAskFor_AndTwiceNothing()
    {
        var video = SpecFile.Parse(SpecTemplates.Write("home-feed", "video"), "tandem.yaml", Words);
        AdviceAnswers answers = Read("then=list slots=7 items=5000 label_delay=2h");

        AdviceProposal proposal = SystemAdvice.Propose(answers, Words, video);

        Assert.Empty(proposal.File.Faults);
        Assert.DoesNotContain(proposal.Lines, static line => line.Path is "sources" or "objective.label" or "model.retrieve" or "objective.task");
        Assert.Equal("7", Assert.Single(proposal.Lines, static line => line.Path == "serving.slots").Said);
        Assert.NotEmpty(Assert.Single(proposal.Lines, static line => line.Path == "evaluation.metrics").SaidBefore);
        Assert.Empty(SystemAdvice.Propose(answers, Words, proposal.File).Lines);
    }

    [Fact]
    public void Of_WithAFileToChange_TakesFromItWhatNobodyAnswers()
    {
        var ads = SpecFile.Parse(SpecTemplates.Write("ads", "ads"), "tandem.yaml", Words);

        var answers = AdviceAnswers.Of(new Dictionary<string, string>(StringComparer.Ordinal) { ["cost_wrong"] = "2" }, ads);
        AdviceProposal proposal = SystemAdvice.Propose(answers, Words, ads);

        Assert.Equal(
            ("act", 2d, 20d, TimeSpan.FromMinutes(10), 4000d, 40d),
            (answers.Then, answers.CostWrong, answers.CostMissed, answers.LabelDelay, answers.Items, answers.P99Milliseconds));
        Assert.Equal("{false_positive: 2, false_negative: 20}", Assert.Single(proposal.Lines, static line => line.Path == "objective.costs").Said);
        Assert.DoesNotContain(proposal.Lines, static line => line.Path.StartsWith("requirements", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("then=acct", 1)]
    [InlineData("then=act slots=1.5", 1)]
    [InlineData("then=act slots=x base_rate=2 label_delay=soon colour=red", 4)]
    public void Of_WhatIsNoAnswer_SaysAllOfItAtOnce(string answers, int faults)
    {
        TandemException wrong = Assert.Throws<TandemException>(() => Read(answers));

        Assert.Equal(faults, wrong.Faults.Count);
        Assert.All(wrong.Faults, static fault => Assert.Equal("SPC079", fault.Code));
    }

    private static AdviceAnswers Read(string answers) => AdviceAnswers.Of(
        answers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static answer => answer.Split('='))
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal));
}
