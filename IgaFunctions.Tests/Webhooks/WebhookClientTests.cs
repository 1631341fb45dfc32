using System.Collections.Frozen;
using System.Diagnostics;
using Iga.Tests.Fixtures;
using Iga.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Webhooks;

/// <summary>How webhooks are sent, by the side of a receiver that may be hostile.</summary>
public sealed class WebhookClientTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TlsReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await TlsReceiver.StartAsync();

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task The_address_that_was_checked_is_connected_to_under_the_hosts_name()
    {
        // Looked up once more, the name would lead to nobody.
        var name = new NameService(true, ["127.0.0.1"], ["127.0.0.2"]);
        using var client = _receiver.NewClient(_time, name);

        Assert.Equal(new WebhookAnswer.Answered(200, null), await PostAsync(client));

        Assert.Equal([TlsReceiver.Host], name.Asked);
        Assert.Equal([TlsReceiver.Host], _receiver.Asked);
        Assert.Equal($"{TlsReceiver.Host}:{_receiver.Port}", Assert.Single(_receiver.Received)["Host"]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8", "127.0.0.1")]
    [InlineData("127.0.0.1", "8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData]
    public async Task A_name_with_a_single_address_that_is_not_public_is_not_called(params string[] addresses)
    {
        using var client = _receiver.NewClient(_time, new NameService(false, addresses));

        Assert.Equal(new WebhookAnswer.Failed("address not allowed"), await PostAsync(client));

        Assert.Empty(_receiver.Asked);
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_refused()
    {
        await using var other = await TlsReceiver.StartAsync("other.example.com");
        using var client = other.NewClient(_time, new NameService(true, ["127.0.0.1"]));

        Assert.Equal(new WebhookAnswer.Failed("TLS failed"), await client.PostAsync(other.Url, "msg_1", "{}"u8.ToArray(), default));

        Assert.Empty(other.Received);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        string[] origins = [$"https://{TlsReceiver.Host}:{_receiver.Port}"];
        using var client = new WebhookClient(
            new WebhookOptions([new byte[32]], origins.ToFrozenSet()), _time, new NameService(true, ["127.0.0.1"]));

        Assert.Equal(new WebhookAnswer.Failed("TLS failed"), await PostAsync(client));

        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_tells_no_more_than_a_host_that_hangs()
    {
        using var client = _receiver.NewClient(_time, new NameService(true, ["127.0.0.2"]));

        Assert.Equal(new WebhookAnswer.Failed("could not be reached"), await PostAsync(client));
    }

    [Fact]
    public async Task After_ten_seconds_an_answer_is_waited_for_no_more()
    {
        _receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var client = _receiver.NewClient(_time, new NameService(true, ["127.0.0.1"]));
        var post = PostAsync(client);
        await Eventually.Async(() => _receiver.Received.Count == 1);

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(post.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(new WebhookAnswer.Failed("could not be reached"), await post);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_cookie_or_trace_is_sent()
    {
        _receiver.Answer = context =>
        {
            context.Response.Headers.SetCookie = "a=b";
            context.Response.Headers.Location = _receiver.Url;
            context.Response.StatusCode = 307;
            return Task.CompletedTask;
        };
        using var client = _receiver.NewClient(_time, new NameService(true, ["127.0.0.1"]));
        using var activity = new Activity("a task").Start();

        Assert.Equal(new WebhookAnswer.Answered(307, null), await PostAsync(client));
        Assert.Equal(new WebhookAnswer.Answered(307, null), await PostAsync(client));

        Assert.Equal(2, _receiver.Received.Count);
        Assert.All(_receiver.Received, headers => Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            headers.Keys.Order(StringComparer.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Of_an_answer_without_end_four_kilobytes_are_read()
    {
        var wasCut = new TaskCompletionSource();
        _receiver.Answer = async context =>
        {
            context.RequestAborted.Register(wasCut.SetResult);
            await context.Response.Body.WriteAsync(new byte[4096]);
            await context.Response.Body.FlushAsync();
            await wasCut.Task;
        };
        using var client = _receiver.NewClient(_time, new NameService(true, ["127.0.0.1"]));

        // Time stands still: whoever reads on waits for ever.
        Assert.Equal(new WebhookAnswer.Answered(200, null), await PostAsync(client).WaitAsync(Eventually.Deadline));

        await wasCut.Task.WaitAsync(Eventually.Deadline);
    }

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT", 1e8)]
    [InlineData("soon", null)]
    public async Task What_a_receiver_asks_to_be_left_alone_for_is_told(string header, double? atLeastSeconds)
    {
        _receiver.Answer = context =>
        {
            context.Response.Headers.RetryAfter = header;
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        using var client = _receiver.NewClient(_time, new NameService(true, ["127.0.0.1"]));

        var answer = Assert.IsType<WebhookAnswer.Answered>(await PostAsync(client));

        Assert.Equal((503, atLeastSeconds is not null), (answer.Status, answer.RetryAfter?.TotalSeconds >= atLeastSeconds));
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_sixteen_posts_and_no_more()
    {
        var held = new TaskCompletionSource();
        _receiver.Answer = _ => held.Task;
        using var client = _receiver.NewClient(_time, new NameService(true, ["127.0.0.1"]));
        var posts = Enumerable.Range(0, 16).Select(_ => PostAsync(client)).ToArray();
        await Eventually.Async(() => _receiver.Received.Count == 16);
        var further = PostAsync(client);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.IsType<WebhookAnswer.Busy>(await further);
        held.SetResult();
        Assert.All(await Task.WhenAll(posts), answer => Assert.Equal(new WebhookAnswer.Answered(200, null), answer));
        Assert.Equal(new WebhookAnswer.Answered(200, null), await PostAsync(client));
    }

    [Theory]
    [InlineData("https://other.example.com/")]
    [InlineData("https://hooks.example.com/")]
    [InlineData("[erased]")]
    public async Task An_address_that_the_list_no_longer_has_is_not_called(string url)
    {
        var name = new NameService(true, ["127.0.0.1"]);
        using var client = _receiver.NewClient(_time, name);

        Assert.Equal(new WebhookAnswer.Failed("address not allowed"), await client.PostAsync(url, "msg_1", "{}"u8.ToArray(), default));

        Assert.Empty(name.Asked);
    }

    private Task<WebhookAnswer> PostAsync(WebhookClient client) => client.PostAsync(_receiver.Url, "msg_1", "{}"u8.ToArray(), default);
}
