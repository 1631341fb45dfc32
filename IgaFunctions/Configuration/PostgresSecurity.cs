using Npgsql;

namespace Iga.Configuration;

/// <summary>The parameters of a libpq address that say how the connection is secured. None of them is ever left out.</summary>
internal static class PostgresSecurity
{
    /// <returns>False if the parameter is no such one.</returns>
    /// <exception cref="FormatException">The value is not allowed; the message says what is.</exception>
    public static bool TryApply(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode":
                settings.SslMode = PostgresParameters.OneOf(
                    value, "disable", "allow", "prefer", "require", "verify-ca", "verify-full") switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    _ => SslMode.VerifyFull,
                };
                break;
            case "sslrootcert":
                // "system" are the authorities that the machine trusts, which Npgsql asks where no file is named.
                settings.RootCertificate = value == "system" ? null : File(value);
                break;
            case "sslcert":
                settings.SslCertificate = File(value);
                break;
            case "sslkey":
                settings.SslKey = File(value);
                break;
            case "sslpassword":
                settings.SslPassword = value;
                break;
            case "sslnegotiation":
                settings.SslNegotiation = PostgresParameters.Switch(value, on: "direct", off: "postgres")
                    ? SslNegotiation.Direct : SslNegotiation.Postgres;
                break;
            case "sslsni":
                PostgresParameters.OneOf(value, "1"); // as Npgsql does it always
                break;
            case "sslcompression":
                PostgresParameters.OneOf(value, "0"); // as Npgsql does it always
                break;
            case "gssencmode":
                settings.GssEncryptionMode = PostgresParameters.OneOf(value, "disable", "prefer", "require") switch
                {
                    "disable" => GssEncryptionMode.Disable,
                    "prefer" => GssEncryptionMode.Prefer,
                    _ => GssEncryptionMode.Require,
                };
                break;
            case "krbsrvname":
                settings.KerberosServiceName = value;
                break;
            case "channel_binding":
                settings.ChannelBinding = PostgresParameters.OneOf(value, "disable", "prefer", "require") switch
                {
                    "disable" => ChannelBinding.Disable,
                    "prefer" => ChannelBinding.Prefer,
                    _ => ChannelBinding.Require,
                };
                break;
            case "require_auth":
                settings.RequireAuth = string.Join(',', value.Split(',').Select(Method));
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>What follows from the parameters together, whatever their order.</summary>
    /// <exception cref="FormatException">They contradict each other; the message says how.</exception>
    public static void Settle(NpgsqlConnectionStringBuilder settings, bool trustsSystem)
    {
        if (trustsSystem)
        {
            // As libpq: any server can get a certificate of some public authority, so its name has to be looked at.
            settings.SslMode = settings.SslMode is SslMode.VerifyFull || !settings.ShouldSerialize("SSL Mode")
                ? SslMode.VerifyFull
                : throw new FormatException("sslrootcert=system wants sslmode=verify-full");
        }

        if (settings is { SslMode: SslMode.Require, RootCertificate: not null })
        {
            // As libpq; Npgsql would not look at the certificate.
            settings.SslMode = SslMode.VerifyCA;
        }

        if (settings.SslNegotiation == SslNegotiation.Direct && settings.SslMode < SslMode.Require)
        {
            throw new FormatException("sslnegotiation=direct wants sslmode=require or stricter");
        }

        if (settings.ChannelBinding == ChannelBinding.Require && settings.RequireAuth is null)
        {
            // Else a server that asks for the password in another way is told it, without any binding.
            settings.RequireAuth = "ScramSHA256";
        }
    }

    private static string File(string path) => System.IO.File.Exists(path)
        ? path : throw new FormatException("must be the path of a file that is there");

    private static string Method(string method)
    {
        var (not, name) = method.StartsWith('!') ? ("!", method[1..]) : ("", method);
        return not + PostgresParameters.OneOf(name, "scram-sha-256", "md5", "password", "gss", "sspi", "none") switch
        {
            "scram-sha-256" => "ScramSHA256",
            "md5" => "MD5",
            "password" => "Password",
            "gss" => "GSS",
            "sspi" => "SSPI",
            _ => "None",
        };
    }
}
