using System.CommandLine;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>A task's id as an argument.</summary>
internal static class TaskId
{
    public static Argument<Guid> Argument() => new("TASK")
    {
        Description = "The task's id, as its 202 and list have it.",
        CustomParser = result =>
        {
            if (Guid.TryParseExact(result.Tokens[0].Value, "D", out var id))
            {
                return id;
            }

            result.AddError($"TASK must be a task's id such as 01a226c0-2c43-7f8f-a75a-14af20aaee00, but is '{ShownText.Of(result.Tokens[0].Value)}'.");
            return default;
        },
    };
}
