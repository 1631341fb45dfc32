using Iga.LocalHost.Functions;
using Iga.Tests.Durable;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Functions;

/// <summary>What is wrong with a function is told at the start.</summary>
public sealed class FunctionCatalogTests
{
    [Theory]
    [InlineData(typeof(SameName), "its name is already that of One")]
    [InlineData(typeof(TwoTriggers), "it has 2 triggers")]
    [InlineData(typeof(NoTrigger), "it has 0 triggers")]
    [InlineData(typeof(Unbindable), "parameter 'scene' (Scene) can't be bound")]
    [InlineData(typeof(WrongTriggerType), "parameter 'context' must be of type TaskOrchestrationContext")]
    [InlineData(typeof(ClientInOrchestrator), "parameter 'client' (DurableTaskClient) can't be bound")]
    [InlineData(typeof(NoResult), "an HTTP function returns IResult")]
    [InlineData(typeof(NotInTheRoute), "parameter 'other' (String) can't be bound")]
    public void A_function_that_cannot_run_stops_the_start(Type functions, string problem)
    {
        var wrong = Assert.Throws<InvalidFunctionException>(() => new FunctionCatalog([functions]));
        Assert.Contains(functions.Name, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_are_found_without_regard_to_case()
    {
        FunctionCatalog catalog = new([typeof(BasicFunctions)]);
        Assert.Equal("Sum", catalog.Find(FunctionTrigger.Orchestration, "sUM")!.Name);
        Assert.Null(catalog.Find(FunctionTrigger.Activity, "Sum"));
    }

    private static class SameName
    {
        [Function("One")]
        public static void First([ActivityTrigger] string input) => _ = input;

        [Function("one")]
        public static void Second([ActivityTrigger] string input) => _ = input;
    }

    private static class TwoTriggers
    {
        [Function("Two")]
        public static void Run([ActivityTrigger] string input, [TimerTrigger("* * * * * *")] TimerInfo timer) => _ = (input, timer);
    }

    private static class NoTrigger
    {
        [Function("None")]
        public static void Run(string input) => _ = input;
    }

    private static class Unbindable
    {
        [Function("Unbindable")]
        public static void Run([ActivityTrigger] string input, Scene scene) => _ = (input, scene);
    }

    private static class WrongTriggerType
    {
        [Function("Wrong")]
        public static void Run([OrchestrationTrigger] string context) => _ = context;
    }

    private static class ClientInOrchestrator
    {
        [Function("Client")]
        public static void Run([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) =>
            _ = (context, client);
    }

    private static class NoResult
    {
        [Function("NoResult")]
        public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path;
    }

    private static class NotInTheRoute
    {
        [Function("Route")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{id}")] HttpRequest request, string other) =>
            Results.Text(request.Path + other);
    }
}
