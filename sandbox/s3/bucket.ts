import { createHash, randomUUID } from 'node:crypto'

export type StoredObject = { body: Buffer; etag: string; at: Date }
type Upload = { key: string; parts: Map<number, { body: Buffer; etag: string }> }

const md5 = (content: string | Buffer) => createHash('md5').update(content).digest('hex')
const smallestPart = 5 << 20

/** Objects and unfinished uploads in memory. */
export class Bucket {
  readonly name: string
  readonly objects = new Map<string, StoredObject>()
  readonly uploads = new Map<string, Upload>()

  constructor(name: string) {
    this.name = name
  }

  put(key: string, body: Buffer, etag = md5(body)): string {
    this.objects.set(key, { body, etag, at: new Date() })
    return etag
  }

  begin(key: string): string {
    const id = randomUUID()
    this.uploads.set(id, { key, parts: new Map() })
    return `<InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>${this.name}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
  }

  putPart(uploadId: string, number: number, body: Buffer): string | undefined {
    const upload = this.uploads.get(uploadId)
    const etag = md5(body)
    upload?.parts.set(number, { body, etag })
    return upload && etag
  }

  complete(uploadId: string, xml: string): { xml: string } | { code: string } {
    const upload = this.uploads.get(uploadId)
    if (!upload) return { code: 'NoSuchUpload' }
    const named = [...xml.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"([0-9a-f]+)"<\/ETag>/g)]
    const parts = named.map(([, number]) => upload.parts.get(Number(number)))
    if (named.length === 0 || parts.some((part, n) => part?.etag !== named[n]?.[2]))
      return { code: 'InvalidPart' }
    const bodies = parts.map(part => part?.body ?? Buffer.alloc(0))
    if (bodies.slice(0, -1).some(one => one.length < smallestPart)) return { code: 'EntityTooSmall' }
    const sums = Buffer.concat(parts.map(part => Buffer.from(part?.etag ?? '', 'hex')))
    const etag = this.put(upload.key, Buffer.concat(bodies), `${md5(sums)}-${parts.length}`)
    this.uploads.delete(uploadId)
    return {
      xml: `<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Key>${upload.key}</Key><ETag>&quot;${etag}&quot;</ETag></CompleteMultipartUploadResult>`,
    }
  }

  abort(uploadId: string): boolean {
    return this.uploads.delete(uploadId)
  }

  /** ListObjectsV2, a page at a time. */
  listXml(query: URLSearchParams): string {
    const [prefix, atMost] = [query.get('prefix') ?? '', Number(query.get('max-keys') ?? 1000)]
    const after = query.get('continuation-token') ?? ''
    const keys = [...this.objects.keys()].filter(key => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, atMost)
    const isCut = keys.length > page.length
    const contents = page.map(key => {
      const { body, etag, at } = this.objects.get(key)!
      return `<Contents><Key>${key}</Key><LastModified>${at.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${body.length}</Size></Contents>`
    })
    const next = isCut ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    return `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${this.name}</Name><IsTruncated>${isCut}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  }

  uploadsXml(query: URLSearchParams): string {
    const prefix = query.get('prefix') ?? ''
    const uploads = [...this.uploads]
      .filter(([, { key }]) => key.startsWith(prefix))
      .map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`)
    return `<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>${uploads.join('')}</ListMultipartUploadsResult>`
  }
}
