namespace Iga.Models.Dialects;

/// <summary>Google's error codes (<c>google.rpc.Code</c>), and the HTTP statuses that its documentation gives with them.</summary>
internal static class RpcCode
{
    // By their numbers.
    private static readonly (string Name, int HttpStatus)[] All =
    [
        ("OK", 200), ("CANCELLED", 499), ("UNKNOWN", 500), ("INVALID_ARGUMENT", 400), ("DEADLINE_EXCEEDED", 504), ("NOT_FOUND", 404),
        ("ALREADY_EXISTS", 409), ("PERMISSION_DENIED", 403), ("RESOURCE_EXHAUSTED", 429), ("FAILED_PRECONDITION", 400), ("ABORTED", 409),
        ("OUT_OF_RANGE", 400), ("UNIMPLEMENTED", 501), ("INTERNAL", 500), ("UNAVAILABLE", 503), ("DATA_LOSS", 500), ("UNAUTHENTICATED", 401),
    ];

    /// <returns>Null when there is no error of that name.</returns>
    public static int? HttpStatusOf(string? name) =>
        Array.FindIndex(All, code => string.Equals(code.Name, name, StringComparison.OrdinalIgnoreCase)) is > 0 and var number
            ? All[number].HttpStatus : null;

    /// <returns>Null when there is no error of that number.</returns>
    public static int? HttpStatusOf(long? number) => number is > 0 && number < All.Length ? All[number.Value].HttpStatus : null;
}
