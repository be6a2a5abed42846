/** Where a bucket is, for all that speak S3. */
export type S3Address = {
  /** `https://host` or `http://host:port`. */
  endpoint: string
  region: string
  bucket: string
  /**
   * Amazon, OSS and COS have the bucket before the host, MinIO in the path; `own-domain`: the endpoint is a domain that the bucket
   * was given, which OSS wants in mainland China.
   */
  addressing: 'virtual-host' | 'path' | 'own-domain'
}

export type S3Keys = { accessKey: string; secretKey: string }

export type S3Problem = { field: 'endpoint' | 'region' | 'bucket'; zh: string; en: string }

/** Returns what is wrong with an address before anything is asked; undefined if nothing is. */
export function s3Problem({ endpoint, region, bucket, addressing }: S3Address): S3Problem | undefined {
  const url = URL.parse(endpoint)
  const isPlain =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (!isPlain)
    return {
      field: 'endpoint',
      zh: '应为 https://主机 或 http://主机:端口，不带路径和存储桶，例如 https://s3.cn-north-1.amazonaws.com.cn',
      en: 'must be https://host or http://host:port, without a path or the bucket, such as https://s3.eu-central-1.amazonaws.com',
    }
  if (!/^[a-z0-9-]{1,64}$/i.test(region))
    return {
      field: 'region',
      zh: '应为地域的代号，例如 cn-hangzhou、ap-guangzhou、us-east-1（MinIO 默认也是它）',
      en: 'must be the code of the region, such as cn-hangzhou, ap-guangzhou or us-east-1 (MinIO’s default too)',
    }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return {
      field: 'bucket',
      zh: '应为存储桶的名称：3 到 63 个小写字母、数字、点和连字符（COS 的带 APPID，例如 backup-1250000000）',
      en: 'must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens (with the APPID for COS, such as backup-1250000000)',
    }
  if (addressing === 'virtual-host' && bucket.includes('.') && url.protocol === 'https:')
    return {
      field: 'bucket',
      zh: '名称里有点的存储桶没有匹配的证书，请改用路径方式，或换一个没有点的名称',
      en: 'has a dot, for which no certificate of the host is good: use the path style, or a name without dots',
    }
  if (addressing === 'virtual-host' && /^(\d+\.){3}\d+$|^\[/.test(url.hostname))
    return {
      field: 'endpoint',
      zh: '是 IP 地址，存储桶不能放在它前面：请改用路径方式',
      en: 'is an IP address, before which no bucket can stand: use the path style',
    }
  return undefined
}

/** `key` is made of wisp's own names and a prefix without characters that would have to be escaped. */
export function s3Url(address: S3Address, key: string, query: Record<string, string>): URL {
  const url = new URL(address.endpoint)
  if (address.addressing === 'virtual-host') url.hostname = `${address.bucket}.${url.hostname}`
  const path = key && `/${key}`
  url.pathname = address.addressing === 'path' ? `/${address.bucket}${path}` : path
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}
