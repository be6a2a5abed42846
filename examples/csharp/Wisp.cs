using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

/// <summary>retCode 不为 0 的回答。An answer whose retCode is not 0.</summary>
public sealed class WispException : Exception
{
    public string Code { get; }
    public string RequestId { get; }

    public WispException(string code, string message, string requestId) : base($"{code} {message} ({requestId})")
    {
        Code = code;
        RequestId = requestId;
    }
}

/// <summary>调用 wisp 的接口，只用自带的库。Calls wisp's API, with the libraries that come with .NET.</summary>
public sealed class Wisp
{
    [DataContract]
    private sealed class Envelope<T>
    {
        [DataMember(Name = "retCode")] public string RetCode;
        [DataMember(Name = "retMessage")] public string RetMessage;
        [DataMember(Name = "body")] public T Body;
    }

    [DataContract]
    private sealed class Account
    {
        [DataMember(Name = "devId")] public string DevId;
        [DataMember(Name = "devSecret")] public string DevSecret;
    }

    [DataContract]
    private sealed class Issued
    {
        [DataMember(Name = "devToken")] public string DevToken;
    }

    private readonly HttpClient http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
    private readonly SemaphoreSlim turn = new SemaphoreSlim(1);
    private readonly string url;
    private readonly Account account;
    private string token;

    public Wisp(string url, string devId, string devSecret)
    {
        this.url = url;
        account = new Account { DevId = devId, DevSecret = devSecret };
    }

    public static Wisp FromEnvironment() => new Wisp(
        Environment.GetEnvironmentVariable("WISP_URL"),
        Environment.GetEnvironmentVariable("DEV_ID"),
        Environment.GetEnvironmentVariable("DEV_SECRET"));

    public Task<T> Get<T>(string path, IDictionary<string, object> query)
    {
        var pairs = query.Select(one => one.Key + "=" + Uri.EscapeDataString(one.Value.ToString()));
        return Call<T>(path + "?" + string.Join("&", pairs), null);
    }

    /// <summary>body 是 [DataContract] 的对象。body is a [DataContract] object.</summary>
    public Task<T> Post<T>(string path, object body) => Call<T>(path, body);

    private async Task<T> Call<T>(string path, object body)
    {
        var used = await TokenAfter(null);
        try
        {
            return await Send<T>(path, body, used);
        }
        catch (WispException error) when (error.Code == "1004")
        {
            // devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
            return await Send<T>(path, body, await TokenAfter(used));
        }
    }

    /// <summary>同时进行的调用共用一个 devToken。Calls at the same time share one devToken.</summary>
    private async Task<string> TokenAfter(string dead)
    {
        await turn.WaitAsync();
        try
        {
            if (token == dead) token = (await Send<Issued>("/api/token/getDevToken", account, null)).DevToken;
            return token;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<T> Send<T>(string path, object body, string token)
    {
        for (var waitsLeft = 3; ; waitsLeft--)
        {
            using (var answer = await http.SendAsync(RequestOf(path, body, token)))
            {
                var envelope = Read<Envelope<T>>(await answer.Content.ReadAsByteArrayAsync());
                if (envelope.RetCode == "0") return envelope.Body;
                // 1010：什么都没有执行，等到 Retry-After 再来。Nothing was done: come back after Retry-After.
                var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(60);
                if (envelope.RetCode != "1010" || waitsLeft == 0 || wait > TimeSpan.FromSeconds(60))
                {
                    answer.Headers.TryGetValues("x-request-id", out var ids);
                    throw new WispException(envelope.RetCode, envelope.RetMessage, ids?.FirstOrDefault());
                }
                await Task.Delay(wait);
            }
        }
    }

    private HttpRequestMessage RequestOf(string path, object body, string token)
    {
        var request = new HttpRequestMessage(body == null ? HttpMethod.Get : HttpMethod.Post, url + path);
        if (token != null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body != null) request.Content = new StringContent(Write(body), Encoding.UTF8, "application/json");
        return request;
    }

    private static string Write(object value)
    {
        using (var stream = new MemoryStream())
        {
            new DataContractJsonSerializer(value.GetType()).WriteObject(stream, value);
            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    public static T Read<T>(byte[] json)
    {
        using (var stream = new MemoryStream(json))
            return (T)new DataContractJsonSerializer(typeof(T)).ReadObject(stream);
    }
}
