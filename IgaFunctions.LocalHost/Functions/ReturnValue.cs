using System.Reflection;

namespace Iga.LocalHost.Functions;

/// <summary>Turns what a function returns (a task, a task of something, something, nothing) into one kind of task.</summary>
internal static class ReturnValue
{
    private static readonly MethodInfo ReadMethod =
        typeof(ReturnValue).GetMethod(nameof(ReadAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static Func<object?, Task<object?>> ReaderFor(Type type)
    {
        if (type == typeof(Task))
        {
            return static async returned =>
            {
                await (Task)returned!;
                return null;
            };
        }

        return IsTaskOfValue(type)
            ? ReadMethod.MakeGenericMethod(TypeOf(type)).CreateDelegate<Func<object?, Task<object?>>>()
            : Task.FromResult;
    }

    public static Type TypeOf(Type type) => IsTaskOfValue(type) ? type.GetGenericArguments()[0] : type;

    private static bool IsTaskOfValue(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>);

    private static async Task<object?> ReadAsync<T>(object? returned) => await (Task<T>)returned!;
}
