import { NotUnderstood } from '../reason.ts'

/**
 * The text of a body. Most senders write UTF-8 and say so, some write GBK and say so in the header or in XML's own first line, and
 * some say nothing or the wrong thing; what is good UTF-8 is hardly ever GBK. Throws for what is neither.
 */
export function decodeBody(body: Buffer, contentType = ''): string {
  const said = charsetOf(contentType) ?? charsetOfXml(body)
  const tried = isGbk(said) ? ['gb18030', 'utf-8'] : ['utf-8', 'gb18030']
  for (const charset of tried) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(body)
    } catch {
      // Not in this one.
    }
  }
  throw new NotUnderstood('badBody', 'UTF-8, GBK')
}

function charsetOf(contentType: string): string | undefined {
  return /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]
}

function charsetOfXml(body: Buffer): string | undefined {
  return /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w-]+)/i.exec(body.subarray(0, 200).toString('latin1'))?.[1]
}

function isGbk(charset: string | undefined): boolean {
  return /^(gbk|gb2312|gb_2312-80|gb18030|cp936|x-gbk)$/i.test(charset ?? '')
}
