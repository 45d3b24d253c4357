using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tandem.Server;
using Tandem.Testing;
using Tandem.Workspace;

namespace Tandem.Acceptance;

/// <summary>The same system with its raw log in a broker: one line of its file, and nothing else, is another.</summary>
public sealed class AmqpTests
{
    [AmqpFact]
    public async Task ImportAndTrain_WhereTheCopyIsLostBetween_TrainsOnAllOfIt()
    {
        using Shop shop = await NewShopAsync(BrokerProcess.Shared!);
        (await shop.RunAsync("import")).Expect(0);
        Directory.Delete(shop[".tandem/default/log"], recursive: true);

        (await shop.RunAsync("train")).Expect(0);

        Assert.Equal(shop.Rows, (await shop.LakeAsync()).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("1 champion", (await shop.RunAsync("models")).Expect(0).Output, StringComparison.Ordinal);
    }

    [AmqpFact]
    public async Task Serve_WhereTheBrokerIsKilled_Answers503AndGoesOnOnceItIsBack()
    {
        using TestFolder folder = new();
        using BrokerProcess broker = new(folder["broker"]);
        using Shop shop = await NewShopAsync(broker.Address);
        await using TandemWorkspace workspace = await TandemWorkspace.OpenAsync(
            new WorkspaceOptions { SpecPath = shop["tandem.yaml"] });
        await workspace.StartServingAsync();
        await using TandemServer server = await TandemServer.StartAsync(
            workspace, new ServerOptions { Address = "http://127.0.0.1:0", ApiKeys = [] });
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpResponseMessage before = await SendAsync(client, 0);

        // The broker writes down half a second late that it has a stream at all.
        await Task.Delay(TimeSpan.FromSeconds(6));
        await broker.KillAsync();
        using HttpResponseMessage during = await SendAsync(client, 1);
        string problem = await during.Content.ReadAsStringAsync();
        broker.Start();
        HttpStatusCode after;
        do
        {
            using HttpResponseMessage again = await SendAsync(client, 1);
            after = again.StatusCode;
        }
        while (after == HttpStatusCode.ServiceUnavailable);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, during.StatusCode);
        Assert.Contains("BCK014", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(new Uri(broker.Address).UserInfo.Split(':')[1], problem, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after);
        string log = string.Concat(Directory.GetFiles(shop[".tandem/default/log"], "*.jsonl").Select(File.ReadAllText));
        Assert.Equal(2, log.Split("\"type\":\"purchase\"").Length - 1);
    }

    // A stream is named by its system, so each test has a system of its own.
    private static async Task<Shop> NewShopAsync(string address)
    {
        Shop shop = new();
        string file = await File.ReadAllTextAsync(shop["tandem.yaml"]);
        string name = $"shop-{Path.GetFileNameWithoutExtension(Path.GetRandomFileName())}";
        await File.WriteAllTextAsync(
            shop["tandem.yaml"],
            file.Replace("name: shop", $"name: {name}", StringComparison.Ordinal) + $"\njournal: {address}\n");
        return shop;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, int number)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"n{number}\",\"type\":\"purchase\",\"entities\":{{\"user\":\"c1\",\"item\":\"p1\"}}}}\n");
        using StringContent body = new(line, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        return await client.PostAsync(new Uri("/v1/events", UriKind.Relative), body);
    }
}
