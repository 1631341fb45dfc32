using System.Reflection;

namespace Iga.LocalHost.Functions;

/// <summary>A function can't be run as it is declared. Stops the start.</summary>
internal sealed class InvalidFunctionException(MethodInfo method, string problem)
    : Exception($"Function method {method.DeclaringType?.Name}.{method.Name}: {problem}");
