using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Iga.Tests.GoogleCloud;

/// <summary>A certificate authority of a test's own, and a certificate of it for <c>localhost</c> or another host.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly RSA _rootKey = RSA.Create(2048);

    public TestAuthority(string name = "localhost")
    {
        var now = DateTimeOffset.UtcNow;
        var root = new CertificateRequest("CN=Test authority", _rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Root = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        using var key = RSA.Create(2048);
        var host = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        host.CertificateExtensions.Add(names.Build());
        host.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false)); // of a server
        using var signed = host.Create(Root, now.AddHours(-1), now.AddHours(12), [1]);
        Localhost = signed.CopyWithPrivateKey(key);
        LocalhostKeyPem = key.ExportPkcs8PrivateKeyPem();
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Localhost { get; }

    public string LocalhostKeyPem { get; }

    /// <summary>For a client that trusts this authority and no other.</summary>
    public SslClientAuthenticationOptions ClientOptions => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Root },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    public void Dispose()
    {
        Root.Dispose();
        Localhost.Dispose();
        _rootKey.Dispose();
    }
}
