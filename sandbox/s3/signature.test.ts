import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import { describe, expect, it } from 'vitest'
import { type SignedRequest, sign, verify } from './signature.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const accessKey = 'AKIAIOSFODNN7EXAMPLE'
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const region = 'us-east-1'
const stamp = '20130524T000000Z'
const host = 'examplebucket.s3.amazonaws.com'
const hashOf = (body: string) => createHash('sha256').update(body).digest('hex')
const nothing = hashOf('')

const vectors = [
  {
    name: 'GET of an object',
    method: 'GET',
    target: '/test.txt',
    body: '',
    headers: { range: 'bytes=0-9', 'x-amz-content-sha256': nothing, 'x-amz-date': stamp },
    signedHeaders: 'host;range;x-amz-content-sha256;x-amz-date',
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    name: 'PUT of an object',
    method: 'PUT',
    target: '/test%24file.text',
    body: 'Welcome to Amazon S3.',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': hashOf('Welcome to Amazon S3.'),
      'x-amz-date': stamp,
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    signedHeaders: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    name: 'GET of a sub-resource',
    method: 'GET',
    target: '/?lifecycle',
    body: '',
    headers: { 'x-amz-content-sha256': nothing, 'x-amz-date': stamp },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'GET of a list',
    method: 'GET',
    target: '/?max-keys=2&prefix=J',
    body: '',
    headers: { 'x-amz-content-sha256': nothing, 'x-amz-date': stamp },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
]

describe("the vendor's published examples of Signature Version 4", () => {
  it.each(vectors)('$name', ({ method, target, body, headers, signedHeaders, signature }) => {
    const request: SignedRequest = { method, target, headers: { host, ...headers }, body: Buffer.from(body) }
    const hash = headers['x-amz-content-sha256']
    const scope = { day: '20130524', region, secretKey, stamp, signedHeaders, hash }
    expect(sign(request, scope)).toBe(signature)
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/20130524/${region}/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`
    const at = Date.UTC(2013, 4, 24)
    const keys = { accessKey, secretKey, region }
    const signed = { ...request, headers: { ...request.headers, authorization } }
    expect(verify(signed, keys, at)).toEqual({ ok: true })
    const refusals = [
      verify({ ...signed, target: `${target}x` }, keys, at),
      verify({ ...signed, body: Buffer.from('another') }, keys, at),
      verify(signed, keys, at + 16 * 60_000),
      verify(signed, { ...keys, accessKey: 'another' }, at),
      verify(signed, { ...keys, region: 'eu-west-1' }, at),
      verify(signed, { ...keys, secretKey: 'another' }, at),
    ]
    expect(refusals.map(one => (one.ok ? '' : one.code))).toEqual([
      'SignatureDoesNotMatch',
      'XAmzContentSHA256Mismatch',
      'RequestTimeTooSkewed',
      'InvalidAccessKeyId',
      'AuthorizationHeaderMalformed',
      'SignatureDoesNotMatch',
    ])
  })

  it.each(vectors.slice(2))('are what the library makes of it: $name', async vector => {
    const signer = new AwsV4Signer({
      method: vector.method,
      url: `https://${host}${vector.target}`,
      headers: vector.headers,
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      service: 's3',
      region,
      datetime: stamp,
    })
    const { headers } = await signer.sign()
    expect(headers.get('authorization')).toContain(vector.signature)
  })
})
