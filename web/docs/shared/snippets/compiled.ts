import type { CallRequest } from '../call.ts'

/** A string of JSON is one of Java, C# and Go too. */
const quoted = (text: string) => JSON.stringify(text)
const lines = (body: CallRequest['body']) => JSON.stringify(body ?? {}, null, 2)

export function java({ method, url, body, needsToken }: CallRequest): string {
  const text = lines(body).replaceAll('\\', '\\\\').replaceAll('\n', '\n            ')
  const chain = [
    ...(needsToken ? ['.header("Authorization", "Bearer " + System.getenv("DEV_TOKEN"))'] : []),
    ...(body
      ? [
          '.header("Content-Type", "application/json")',
          `.POST(HttpRequest.BodyPublishers.ofString("""\n            ${text}"""))`,
        ]
      : method === 'POST'
        ? ['.POST(HttpRequest.BodyPublishers.noBody())']
        : []),
    '.build();',
  ]
  return `import java.net.URI;
import java.net.http.*;

public class Example {
  public static void main(String[] args) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(${quoted(url)}))
        ${chain.join('\n        ')}
    var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(response.body());
  }
}`
}

export function csharp({ method, url, body, needsToken }: CallRequest): string {
  const token = needsToken
    ? '\nrequest.Headers.Add("Authorization", "Bearer " + Environment.GetEnvironmentVariable("DEV_TOKEN"));'
    : ''
  const content = body
    ? `\nrequest.Content = new StringContent(@"${lines(body).replaceAll('"', '""')}", Encoding.UTF8, "application/json");`
    : ''
  return `using System;
using System.Net.Http;
using System.Text;

using var http = new HttpClient();
using var request = new HttpRequestMessage(HttpMethod.${method === 'POST' ? 'Post' : 'Get'}, ${quoted(url)});${token}${content}
using var response = await http.SendAsync(request);
Console.WriteLine(await response.Content.ReadAsStringAsync());`
}

export function go({ method, url, body, needsToken }: CallRequest): string {
  const text = lines(body)
  const reader = body ? `strings.NewReader(${text.includes('`') ? quoted(text) : `\`${text}\``})` : 'nil'
  const headers = [
    ...(needsToken ? ['request.Header.Set("Authorization", "Bearer "+os.Getenv("DEV_TOKEN"))'] : []),
    ...(body ? ['request.Header.Set("Content-Type", "application/json")'] : []),
  ]
  const packages = ['"io"', '"net/http"', '"os"', ...(body ? ['"strings"'] : [])]
  return `package main

import (
	${packages.join('\n\t')}
)

func main() {
	request, err := http.NewRequest("${method}", ${quoted(url)}, ${reader})
	if err != nil {
		panic(err)
	}
${headers.map(one => `\t${one}\n`).join('')}	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	io.Copy(os.Stdout, response.Body)
}`
}
