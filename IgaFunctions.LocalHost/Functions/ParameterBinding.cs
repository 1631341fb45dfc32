using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Routing.Template;

namespace Iga.LocalHost.Functions;

/// <summary>Where each parameter of a function gets its argument from.</summary>
internal static class ParameterBinding
{
    /// <exception cref="InvalidFunctionException">Nothing can be bound to the parameter.</exception>
    public static Func<FunctionCall, object?> For(
        MethodInfo method, ParameterInfo parameter, FunctionTrigger trigger, Attribute triggerAttribute)
    {
        var type = parameter.ParameterType;
        if (parameter.IsDefined(triggerAttribute.GetType()))
        {
            var expected = trigger switch
            {
                FunctionTrigger.Http => typeof(HttpRequest),
                FunctionTrigger.Orchestration => typeof(TaskOrchestrationContext),
                FunctionTrigger.Timer => typeof(TimerInfo),
                _ => null,
            };
            return expected is null ? call => ActivityInput.Read((string?)call.Trigger, type)
                : expected == type ? call => call.Trigger
                : throw new InvalidFunctionException(method, $"parameter '{parameter.Name}' must be of type {expected.Name}.");
        }

        // An orchestrator that could reach a client or a token would be one that depends on more than its history.
        if (trigger != FunctionTrigger.Orchestration)
        {
            if (parameter.IsDefined(typeof(DurableClientAttribute)) && type == typeof(DurableTaskClient))
            {
                return call => call.Services.GetRequiredService<DurableTaskClient>();
            }

            if (type == typeof(CancellationToken))
            {
                return call => call.Cancellation;
            }
        }

        if (triggerAttribute is HttpTriggerAttribute { Route: { } route }
            && TemplateParser.Parse(route).GetParameter(parameter.Name!) is not null
            && (type == typeof(string) || TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string))))
        {
            var converter = type == typeof(string) ? null : TypeDescriptor.GetConverter(type);
            return call =>
            {
                var value = ((HttpRequest)call.Trigger!).RouteValues[parameter.Name!];
                return converter is null || value is null
                    ? value : converter.ConvertFromString(null, CultureInfo.InvariantCulture, (string)value);
            };
        }

        throw new InvalidFunctionException(
            method, $"parameter '{parameter.Name}' ({type.Name}) can't be bound for a function started by {trigger}.");
    }
}
