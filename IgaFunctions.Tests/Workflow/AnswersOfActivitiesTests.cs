using System.Reflection;
using Azure.Core.Serialization;
using Iga.Faults;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow.Activities;
using Microsoft.DurableTask.Converters;
using Newtonsoft.Json;

namespace Iga.Tests.Workflow;

/// <summary>What activities answer goes through JSON to the orchestrator, on Azure twice.</summary>
public sealed class AnswersOfActivitiesTests
{
    private static readonly Fault Fault = new(
        FailureKind.QuotaExhausted, "no", IsTransient: true, IsLocalWait: true, TimeSpan.FromSeconds(12.5), HasPaidPicture: true,
        WaitsForStaging: true);

    private static readonly object[] Cases =
    [
        new Progress.Completed("gs://b/o.png"),
        new Progress.Stored("gs://b/o.png", ScriptedWorkflow.Image),
        new Progress.Stored("gs://b/o.png"),
        new Progress.Staged(ScriptedWorkflow.Image),
        new Progress.Staged(ScriptedWorkflow.Image, Fault),
        new Progress.StagedGone(ScriptedWorkflow.Image),
        new Progress.NotMade(Fault),
        new Progress.NotOwned(),
        new Progress.GivenUp(),
        new Ownership.Owned(),
        new Ownership.Owned(ScriptedWorkflow.Image),
        new Ownership.Completed(new ImageResult("gs://b/o.png", "p", "vertex-ai-m")),
        new Ownership.Lost(),
    ];

    [Fact]
    public void Every_answer_comes_out_of_the_history_as_it_went_in() => Assert.All(Cases, answer =>
        Assert.Equal(
            answer,
            JsonDataConverter.Default.Deserialize(JsonDataConverter.Default.Serialize(answer), answer.GetType().BaseType!)));

    /// <summary>
    /// On Azure the worker writes an answer by its own type, and the host reads it with Newtonsoft.Json and writes it again before the
    /// orchestrator gets it.
    /// </summary>
    [Fact]
    public void Every_answer_survives_the_way_through_the_Functions_host() => Assert.All(Cases, answer =>
    {
        var seen = JsonConvert.DeserializeObject(
            new JsonObjectSerializer().Serialize(answer).ToString(),
            new JsonSerializerSettings { DateParseHandling = DateParseHandling.None });
        Assert.Equal(answer, JsonDataConverter.Default.Deserialize(JsonConvert.SerializeObject(seen), answer.GetType().BaseType!));
    });

    [Theory]
    [InlineData(typeof(Progress))]
    [InlineData(typeof(Ownership))]
    public void Every_case_of_an_answer_is_tried(Type answer) => Assert.Equal(
        answer.GetNestedTypes().Select(type => type.Name).Order(),
        Cases.Select(one => one.GetType()).Where(type => type.BaseType == answer).Select(type => type.Name).Distinct().Order());

    [Fact]
    public void Nothing_that_an_activity_takes_or_answers_is_kept_in_a_field() => Assert.Empty(
        typeof(Progress).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<ActivityTriggerAttribute>() is not null))
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
                .Concat(method.ReturnType.GetGenericArguments()))
            .SelectMany(type => type.GetNestedTypes().Append(type))
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => $"{type}.{field.Name}")));

    [Fact]
    public void An_answer_of_a_case_that_nobody_knows_is_refused() =>
        Assert.Throws<System.Text.Json.JsonException>(() => JsonDataConverter.Default.Deserialize<Progress>("""{"Case":"Unheard","Url":"x"}"""));
}
