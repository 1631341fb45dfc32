using System.Globalization;
using System.Net;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Faults;

/// <summary>One task that meets one fault, alone, and what is to come of it.</summary>
/// <param name="Fault">Its name; <c>return-429 Retry-After 3</c> has the answer ask for that.</param>
/// <param name="Kind">The documented kind that the task fails with; null when it is to succeed.</param>
/// <param name="Made">How many pictures the model makes: two where the fault strikes after the first was made.</param>
/// <param name="Says">What the message must quote of the other side's reason.</param>
/// <param name="Model">The model that is called.</param>
internal sealed record FaultCase(
    string Fault, string? Kind = null, int Made = 1, string Says = "", string Model = "gemini-3.1-flash-image")
{
    /// <summary>Whether the task waits for longer than a call does, and so is to be seen as RETRY.</summary>
    public bool IsSeenAsRetry { get; init; }

    /// <summary>How many calls meet the fault.</summary>
    public int Times { get; init; } = 1;

    public string Key { get; } = Caller.NewKey();

    public string Prompt { get; } = $"a picture to fail {Guid.NewGuid()}";

    public Fault Parse() => Fault.Split(" Retry-After ") is [var name, var seconds]
        ? FaultName.Parse(name) switch
        {
            Fault.ReturnStatus status => status with { RetryAfter = int.Parse(seconds, CultureInfo.InvariantCulture) },
            Fault.ErrorAnswer error => error with { RetryAfter = int.Parse(seconds, CultureInfo.InvariantCulture) },
            var other => throw new FormatException($"{other.Name} asks for no wait"),
        }
        : FaultName.Parse(Fault);

    /// <summary>Runs the cases at once, each beside healthy tasks, so that the circuit stays closed.</summary>
    /// <returns>What was not as it is to be, and every failure's message.</returns>
    public static async Task<(List<string> Wrong, List<string> Messages)> RunAsync(
        Lab lab, IReadOnlyList<FaultCase> cases, Action<FaultCase> script)
    {
        foreach (var one in cases)
        {
            script(one);
        }

        var healthy = await Task.WhenAll(Enumerable.Range(0, cases.Count * 2).Select(n => lab.GenerateAsync(
            Caller.NewKey(), new { prompt = $"a healthy picture {n} {Guid.NewGuid()}" })));
        Assert.All(healthy, body => Assert.Equal("SUCCESS", body.GetProperty("status").GetString()));

        var results = await Task.WhenAll(cases.Select(one => one.RunAsync(lab)));
        await lab.AssertNothingIsLeftAsync();
        return ([.. results.SelectMany(r => r.Wrong)], [.. results.Select(r => r.Message).OfType<string>()]);
    }

    private async Task<(List<string> Wrong, string? Message)> RunAsync(Lab lab)
    {
        var task = await lab.SubmitAsync(Key, new { prompt = Prompt, model_id_override = Model });
        if (IsSeenAsRetry)
        {
            await lab.Client.WaitAsync(task, "RETRY");
        }

        var body = await lab.Client.WaitAsync(task);
        var error = body.GetProperty("result").TryGetProperty("error", out var found) ? found : (JsonElement?)null;
        var message = error?.GetProperty("message").GetString();
        var wrong = new List<string>();
        Check("kind", Kind, error?.GetProperty("type").GetString());
        Check("pictures made", Made, lab.MadeFor(Prompt));
        Check("objects", Kind is null ? 1 : 0, lab.ObjectsOf(Key).Length);
        if (message is not null && (!message.Contains(Says, StringComparison.Ordinal) || message.Contains(Prompt, StringComparison.Ordinal)))
        {
            wrong.Add($"{Fault}: the message should say «{Says}» and not the prompt: {message}");
        }

        return (wrong, message is null ? null : $"{Fault} → {message}");

        void Check<T>(string what, T expected, T actual)
        {
            if (!Equals(expected, actual))
            {
                wrong.Add($"{Fault}: {what}: {expected} expected, {actual} found: {body}");
            }
        }
    }
}
