using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>What accepts lose while pages look at the service: each asks for the list and the figures again and again, of 100,000 tasks.</summary>
internal sealed class ListMeasure : IMeasure
{
    private const int Pages = 4;

    /// <summary>Between two questions of a page.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly byte[][] Questions =
    [
        Requests.Get("/v1/tasks"), Requests.Get("/v1/stats"), Requests.Get("/v1/tasks?status=SUCCESS&limit=200"), Requests.Get("/v1/stats"),
        Requests.Get("/v1/tasks?workflow_id=bench&status=STARTED"), Requests.Get("/v1/usage"),
    ];

    public string Name => "lists";

    public bool Concerns(IStack stack) => stack is OwnStack;

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, TimeSpan.FromSeconds(30), cancellationToken);
        await service.AddEndedAsync(settings.Amount(100_000, 500), 1, cancellationToken);

        // What starts cold is not what is measured.
        await PostAsync(settings.Amount(15_000, 50));
        (await LookAsync(settings.Amount(300, 12), TimeSpan.Zero)).ThrowOnErrors("lists");
        var without = await PostAsync(settings.Amount(12_000, 100));
        results.Add(stack.Name, "accept without lists", "rate", Unit.PerSecond, without.Rate);

        var looks = LookAsync(int.MaxValue, Pause);
        var beside = await PostAsync(settings.Amount(12_000, 100));
        results.Add(stack.Name, "accept beside lists", "rate", Unit.PerSecond, beside.Rate);
        results.Add(stack.Name, "accept beside lists", "p99", Unit.Milliseconds, beside.Latencies.P99);
        (await looks).ThrowOnErrors("lists");

        Task<LoadResult> LookAsync(int requests, TimeSpan pause) => LoadGenerator.RunAsync(
            service.Address, new LoadOptions(Pages, requests, Limit(settings), pause),
            number => Questions[number % Questions.Length], 200, null, cancellationToken);

        async Task<LoadResult> PostAsync(int requests)
        {
            var keys = Guid.NewGuid().ToString("N");
            var load = await LoadGenerator.RunAsync(
                service.Address, new LoadOptions(32, requests, Limit(settings)),
                number => Requests.Post($"{keys}-{number}"), 202, null, cancellationToken);
            return load.ThrowOnErrors("POST beside lists");
        }
    }

    /// <summary>Of the accepts, and of the pages that look meanwhile.</summary>
    private static TimeSpan Limit(Settings settings) => TimeSpan.FromSeconds(settings.Amount(5, 1));
}
