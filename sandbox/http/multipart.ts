/** A file of a multipart body. */
export interface Upload {
  name: string
  mime: string
  bytes: Buffer
}

/** The fields and the first file of a multipart body; undefined when it is none. */
export async function readMultipart(
  body: Buffer,
  contentType: string,
): Promise<{ fields: Record<string, string>; upload: Upload | undefined } | undefined> {
  let form: FormData
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch {
    return undefined
  }
  const fields: Record<string, string> = {}
  let upload: Upload | undefined
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') fields[name] = value
    else upload ??= { name: value.name, mime: value.type, bytes: Buffer.from(await value.arrayBuffer()) }
  }
  return { fields, upload }
}
