using System.Reflection;

namespace Iga.LocalHost.Functions;

/// <summary>One function: how it is named, what starts it, and how its method is called.</summary>
internal sealed class FunctionDescriptor
{
    private readonly MethodInfo _method;
    private readonly MethodInvoker _invoker;
    private readonly ObjectFactory? _factory;
    private readonly Func<FunctionCall, object?>[] _arguments;
    private readonly Func<object?, Task<object?>> _result;

    /// <exception cref="InvalidFunctionException">The method's signature is not one that can be called.</exception>
    public FunctionDescriptor(MethodInfo method)
    {
        _method = method;
        Name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw new InvalidFunctionException(method, "its name is empty.");
        }

        (Trigger, TriggerAttribute) = FindTrigger(method);
        _arguments = [.. method.GetParameters().Select(p => ParameterBinding.For(method, p, Trigger, TriggerAttribute))];
        _result = ReturnValue.ReaderFor(method.ReturnType);
        _invoker = MethodInvoker.Create(method);
        _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, []);
        if (Trigger == FunctionTrigger.Http && !typeof(IResult).IsAssignableFrom(ReturnValue.TypeOf(method.ReturnType)))
        {
            throw new InvalidFunctionException(method, "an HTTP function returns IResult or Task<IResult>.");
        }
    }

    public string Name { get; }

    public FunctionTrigger Trigger { get; }

    public Attribute TriggerAttribute { get; }

    /// <summary>Calls the method; what it throws comes out as it was thrown.</summary>
    public Task<object?> InvokeAsync(FunctionCall invocation)
    {
        var target = _factory?.Invoke(invocation.Services, null);
        return _result(_invoker.Invoke(target, new Span<object?>([.. _arguments.Select(argument => argument(invocation))])));
    }

    /// <summary>What to throw when the function can't be run as it is declared.</summary>
    public InvalidFunctionException Invalid(string problem) => new(_method, problem);

    public override string ToString() => $"{Name} ({_method.DeclaringType?.Name}.{_method.Name})";

    private static (FunctionTrigger Trigger, Attribute Attribute) FindTrigger(MethodInfo method)
    {
        (FunctionTrigger, Attribute)[] triggers =
        [
            .. method.GetParameters().SelectMany(p => p.GetCustomAttributes()).SelectMany<Attribute, (FunctionTrigger, Attribute)>(
                attribute => attribute switch
                {
                    HttpTriggerAttribute => [(FunctionTrigger.Http, attribute)],
                    OrchestrationTriggerAttribute => [(FunctionTrigger.Orchestration, attribute)],
                    ActivityTriggerAttribute => [(FunctionTrigger.Activity, attribute)],
                    TimerTriggerAttribute => [(FunctionTrigger.Timer, attribute)],
                    _ => [],
                }),
        ];
        return triggers.Length == 1
            ? triggers[0]
            : throw new InvalidFunctionException(method, $"it has {triggers.Length} triggers; exactly one is needed.");
    }
}
