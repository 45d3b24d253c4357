using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Playwright;
using Tandem.Events;
using Tandem.Registry;
using Tandem.Server;
using Tandem.Spec;
using Tandem.Testing;
using Tandem.Workspace;

namespace Tandem.Acceptance;

/// <summary>The page as a person sees it: a real browser, the real server, a real system.</summary>
public sealed class StudioTests : IAsyncLifetime, IDisposable
{
    private const string Design = """
        name: small
        objective:
          task: retrieval
          label: {event: play, impression: impression}
        sources:
          impression: [user, item]
          play: [user, item]
        features:
          user_play:
            entity: user
            source: play
            aggregates: {plays_7d: count over 7d, recent: last_k item 5}
        model:
          retrieve: {kind: ials, factors: 8, epochs: 3}
        training:
          split: {by: leave-last-out}
        evaluation:
          metrics: [recall@5, ndcg@5]
          gate: {metric: ndcg@5}
        """;

    // For whatever a page is waited for: a busy machine may take long, and a test that passes waits no longer for it.
    private const float Patience = 120_000;

    private readonly TestFolder _folder = new();
    private readonly List<string> _complaints = [];
    private TandemWorkspace? _workspace;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(BrowserFactAttribute.Chromium))
        {
            return;
        }

        await File.WriteAllTextAsync(_folder["tandem.yaml"], Design);
        _workspace = await TandemWorkspace.OpenAsync(
            new WorkspaceOptions { SpecPath = _folder["tandem.yaml"], Journal = new() { Folder = "log", Durability = Durability.None } });
        await _workspace.StartServingAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            Timeout = Patience,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_workspace is not null)
        {
            await _workspace.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task Page_WhileEventsArriveAndAModelIsTrained_ShowsTheNumbersMove()
    {
        await using TandemServer server = await ServeAsync("http://127.0.0.1:0");
        IPage page = await OpenAsync(server.Address);
        await ExpectAsync(page, "log", "0");
        await ExpectAsync(page, "registry", "–");

        await SendPlaysAsync(server.Address);
        await ExpectAsync(page, "log", "400");
        await _workspace!.CompactAsync();
        await _workspace.TrainAsync(TrainingCause.Manual);
        await ExpectAsync(page, "lake", "400");
        await ExpectAsync(page, "registry", "v1");
        await AskAsync(server.Address);

        // The request's impressions came back as events: the loop is closed through the raw log.
        await ExpectAsync(page, "log", "405");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task Page_WhenTheServerGoesAndComesBack_SaysSoAndGoesOn()
    {
        TandemServer first = await ServeAsync("http://127.0.0.1:0");
        Uri address = first.Address;
        IPage page = await OpenAsync(address);
        await ExpectAsync(page, "log", "0");

        await first.DisposeAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("reconnecting");
        await using TandemServer second = await ServeAsync(address.ToString());
        await SendPlaysAsync(address);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("live");
        await ExpectAsync(page, "log", "400");
    }

    [BrowserFact]
    public async Task FeaturesPage_AfterAnswers_ShowsLiveValuesAndTheEventsBehindOne()
    {
        await using TandemServer server = await ServeAsync("http://127.0.0.1:0");
        await SendPlaysAsync(server.Address);
        await _workspace!.CompactAsync();
        await _workspace.TrainAsync(TrainingCause.Manual);
        await AskAsync(server.Address);
        await _workspace.CompactAsync();
        IPage page = await OpenAsync(server.Address);

        await page.GetByRole(AriaRole.Link, new() { Name = "Features" }).ClickAsync();

        ILocator view = page.GetByRole(AriaRole.Region, new() { Name = "user_play" });
        await Assertions.Expect(view.GetByRole(AriaRole.Img)).ToHaveAttributeAsync(
            "aria-label", "Values of plays_7d, live 10");
        await page.GetByLabel("Id of the entity").FillAsync("u0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look up" }).ClickAsync();
        await Assertions.Expect(page.GetByText("10 events behind the values")).ToBeVisibleAsync();
        ILocator value = page.GetByRole(AriaRole.Row, new() { Name = "plays_7d 10" });
        await value.HoverAsync();
        await Assertions.Expect(page.Locator("tr.near")).ToHaveCountAsync(11);
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task ModelsPage_AfterARun_ShowsItsFiguresAndItsVerdict()
    {
        await using TandemServer server = await ServeAsync("http://127.0.0.1:0");
        await SendPlaysAsync(server.Address);
        await _workspace!.CompactAsync();
        await _workspace.TrainAsync(TrainingCause.Manual);
        IPage page = await OpenAsync(server.Address);

        await page.GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();

        ILocator models = page.GetByRole(AriaRole.Region, new() { Name = "Models" });
        await Assertions.Expect(models.GetByRole(AriaRole.Row, new() { Name = "ials, best" }))
            .ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Version 1, ")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Slices" })
            .GetByRole(AriaRole.Row, new() { Name = "activity, tenth 10" })).ToBeVisibleAsync();
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task ModelsPage_OfASystemThatPredicts_DrawsItsReliabilityAndAnswersAQuestion()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["tandem.yaml"], AdClicks.Design);
        await using TandemWorkspace ads = await TandemWorkspace.OpenAsync(
            new WorkspaceOptions { SpecPath = folder["tandem.yaml"], Journal = new() { Folder = "log", Durability = Durability.None } });
        await ads.StartServingAsync();
        await using TandemServer server = await TandemServer.StartAsync(ads, new ServerOptions { Address = "http://127.0.0.1:0" });
        await SendAsync(server.Address, AdClicks.Events());
        await ads.CompactAsync();
        await ads.TrainAsync(TrainingCause.Manual);
        IPage page = await OpenAsync(server.Address);
        await page.GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();

        ILocator believed = page.GetByRole(AriaRole.Region, new() { Name = "Can the probabilities be believed?" });
        await Assertions.Expect(believed.Locator("svg[role=img] circle").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "What is done about them" })).ToContainTextAsync("Acts from 0.5 on (by cost)");
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Importance of features" })
            .GetByRole(AriaRole.Listitem).First).ToContainTextAsync("asked:is_top");
        await page.GetByLabel("Item ids, with commas between").FillAsync("a0");
        await page.GetByLabel("slot, of the request (text)").FillAsync("top");
        await page.Keyboard.PressAsync("Enter");

        ILocator answer = page.GetByRole(AriaRole.List, new() { Name = "Probability of each item" });
        await Assertions.Expect(answer).ToContainTextAsync("a0");
        string[] said = (await answer.InnerTextAsync()).Split('\n', ' ');
        Assert.InRange(double.Parse(said[1], CultureInfo.InvariantCulture), 45, 75);
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "What features add to the log-odds of a0" }))
            .ToContainTextAsync("asked:is_top+");
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task AdvicePage_OfAnswers_ShowsLinesWithReasonsAndCopiesTheFile()
    {
        await using TandemServer server = await ServeAsync("http://127.0.0.1:0");
        IPage page = await OpenAsync(server.Address);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByRole(AriaRole.Link, new() { Name = "Advice" }).ClickAsync();

        // What the file says is chosen already; the form is filled and sent with the keyboard.
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "show some of all items" })).ToBeCheckedAsync();
        await page.GetByLabel("How many can be shown").FocusAsync();
        await page.Keyboard.TypeAsync("7");
        await page.Keyboard.PressAsync("Enter");

        ILocator proposal = page.GetByRole(AriaRole.Region, new() { Name = "Proposal" });
        await Assertions.Expect(proposal.GetByText("serving.slots: 7")).ToBeVisibleAsync();
        await Assertions.Expect(proposal.GetByText("places to fill")).ToBeVisibleAsync();
        await proposal.GetByRole(AriaRole.Button, new() { Name = "Copy the whole file" }).ClickAsync();
        await Assertions.Expect(proposal.GetByText("Copied.")).ToBeVisibleAsync();
        string copied = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Contains("slots: 7", copied, StringComparison.Ordinal);
        Assert.Empty(SpecFile.Parse(copied, "tandem.yaml", WorkspaceVocabulary.Build()).Faults);
        Assert.Equal(Design, await File.ReadAllTextAsync(_folder["tandem.yaml"]));
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task Page_WhereKeysAreSet_AsksForOne()
    {
        string key = new('k', 20);
        await using TandemServer server = await ServeAsync("http://127.0.0.1:0", key);
        IPage page = await OpenAsync(server.Address);

        await page.GetByLabel("This server asks for an API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Unlock" }).ClickAsync();

        await ExpectAsync(page, "log", "0");
    }

    private static Task ExpectAsync(IPage page, string box, string figure) =>
        Assertions.Expect(page.Locator($"[data-figure={box}]")).ToHaveTextAsync(figure);

    private static async Task AskAsync(Uri address)
    {
        using HttpClient client = new();
        using StringContent body = new(
            """{"user":"u0","k":5}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await client.PostAsync(new Uri(address, "/v1/recommend"), body);
        response.EnsureSuccessStatusCode();
    }

    private static async Task SendPlaysAsync(Uri address)
    {
        List<string> lines = [];
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        for (int n = 0; n < 400; n++)
        {
            (int user, int turn) = (n % 40, n / 40);
            int item = (((user * 7) + (turn * 4)) % 15 * 2) + (user % 2);
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"p{n}\",\"type\":\"play\",\"entities\":{{\"user\":\"u{user}\",\"item\":\"v{item}\"}}," +
                $"\"time\":\"{now.AddHours(turn - 12).UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z\"}}"));
        }

        await SendAsync(address, lines);
    }

    private static async Task SendAsync(Uri address, IEnumerable<string> events)
    {
        using HttpClient client = new();
        using StringContent body = new(string.Join('\n', events), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using HttpResponseMessage response = await client.PostAsync(new Uri(address, "/v1/events"), body);
        Assert.Contains("\"refused\":0", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<TandemServer> ServeAsync(string address, params string[] keys) =>
        await TandemServer.StartAsync(_workspace!, new ServerOptions { Address = address, ApiKeys = keys });

    /// <summary>Opens the page and notes what it complains of and whatever it asks of other machines.</summary>
    private async Task<IPage> OpenAsync(Uri address)
    {
        IPage page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(new Uri(request.Url).Authority != address.Authority, request.Url);
        await page.GotoAsync(address.ToString());
        return page;

        void Note(bool isComplaint, string text)
        {
            if (isComplaint)
            {
                _complaints.Add(text);
            }
        }
    }
}
