using Tandem.Faults;

namespace Tandem.Spec.Tests;

public sealed class TemplateTests
{
    [Fact]
    public void Write_EveryTemplate_HasNoFaults()
    {
        Assert.All(SpecTemplates.Names, static template => Specs.Read(SpecTemplates.Write("my-system", template)));
    }

    [Fact]
    public void ExampleFiles_HaveNoFaults()
    {
        Assert.True(Specs.ExampleFiles.Count >= 2);
        Assert.All(Specs.ExampleFiles, static path => SpecFile.Load(path, TestVocabulary.Words));
    }

    [Fact]
    public void Write_Video_SpeaksOfTheWorldsEvents()
    {
        SystemSpec spec = Specs.Read(Specs.Video);

        Assert.Equal(["impression", "play", "like", "skip", "conversion", "video", "viewer"], spec.Sources.Keys, StringComparer.Ordinal);
        Assert.Equal("video", spec.Entities["item"].Table);
        Assert.Equal("viewer", spec.Entities["user"].Table);
        Assert.Equal(ColumnType.NumberList, spec.Sources["video"].Columns["thumbnail"].Type);
        Assert.Equal(TimeSpan.FromDays(14), spec.Training.Window);
        Assert.Empty(SpecSupport.Find(spec));
    }

    [Fact]
    public void Write_UnknownTemplate_OffersTheNearest()
    {
        TandemException thrown = Assert.Throws<TandemException>(static () => SpecTemplates.Write("x", "vidoe"));

        Assert.Equal("SPC041", thrown.Fault.Code);
        Assert.Equal("video", thrown.Fault.Nearest);
    }

    [Fact]
    public void Write_BadName_IsRefused()
    {
        TandemException thrown = Assert.Throws<TandemException>(static () => SpecTemplates.Write("My Feed", "blank"));

        Assert.Equal("SPC016", thrown.Fault.Code);
    }
}
