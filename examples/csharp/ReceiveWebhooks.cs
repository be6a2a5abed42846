// WEBHOOK_SECRET=whsec_… mono ReceiveWebhooks.exe 8000
using System;
using System.Collections.Specialized;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;

[DataContract]
public sealed class Event
{
    [DataMember(Name = "type")] public string Type;
}

public static class ReceiveWebhooks
{
    /// <summary>Standard Webhooks：https://www.standardwebhooks.com</summary>
    private static bool IsGenuine(byte[] key, NameValueCollection headers, byte[] body)
    {
        var timestamp = headers["webhook-timestamp"];
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (!long.TryParse(timestamp, out var seconds) || seconds < now - 300 || seconds > now + 300) return false;
        var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{timestamp}.").Concat(body).ToArray();
        using (var hmac = new HMACSHA256(key))
        {
            var wanted = "v1," + Convert.ToBase64String(hmac.ComputeHash(signed));
            // 更换密钥期间有两个签名。There are two signatures while the secret is being replaced.
            return (headers["webhook-signature"] ?? "").Split(' ').Count(given => IsSame(given, wanted)) > 0;
        }
    }

    /// <summary>用时与内容无关。Takes the same time whatever the contents.</summary>
    private static bool IsSame(string given, string wanted)
    {
        if (given.Length != wanted.Length) return false;
        var difference = 0;
        for (var at = 0; at < wanted.Length; at++) difference |= given[at] ^ wanted[at];
        return difference == 0;
    }

    public static void Main(string[] args)
    {
        var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET");
        var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret.Substring(6) : secret);
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{args[0]}/");
        listener.Start();
        while (true)
        {
            var context = listener.GetContext();
            var body = new MemoryStream();
            context.Request.InputStream.CopyTo(body);
            var genuine = IsGenuine(key, context.Request.Headers, body.ToArray());
            // 先存下再应答；同一个 webhook-id 可能来两次。Store it, then answer; the same webhook-id may come twice.
            if (genuine)
                Console.WriteLine($"{context.Request.Headers["webhook-id"]} {Wisp.Read<Event>(body.ToArray()).Type}");
            context.Response.StatusCode = genuine ? 204 : 401;
            context.Response.Close();
        }
    }
}
