import { escapeHtml } from '../../../platform/http/answers/escape-html.ts'
import type { MailBrand } from '../../branding/brand.ts'
import { ownColour } from '../../branding/colours.ts'
import { fitLogo } from '../../branding/fit-logo.ts'
import type { Mail } from './content.ts'

/**
 * Styles are inline because mail readers drop style sheets. The developer's text and the organisation's name are escaped and never
 * become markup.
 */
export function mailHtml({ subject, text, url, btntxt, stopUrl }: Mail, brand?: MailBrand): string {
  const font = "font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif"
  const button = url
    ? `<p style="margin:24px 0 0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 24px;background:${brand?.colour ?? ownColour};color:#ffffff;text-decoration:none;border-radius:6px">${escapeHtml(btntxt)}</a></p>`
    : ''
  return `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="margin:0;padding:24px;background:#f5f6f8;${font}">${brand ? headOf(brand) : ''}<div style="max-width:600px;margin:0 auto;padding:24px 28px;background:#ffffff;border-radius:6px;color:#1f2329;font-size:14px;line-height:1.7"><h1 style="margin:0 0 16px;font-size:18px;line-height:1.4">${escapeHtml(subject)}</h1><div>${escapeHtml(text).replace(/\r?\n/g, '<br>')}</div>${button}</div>${stopUrl === undefined ? '' : footOf(stopUrl)}</body></html>`
}

/** What stands at the foot of mails that people can stop. */
export const stopWords = '不再接收这类邮件 / Stop mails of this kind'

function footOf(stopUrl: string): string {
  return `<div style="max-width:600px;margin:0 auto;padding:14px 4px 0;font-size:12px;line-height:1.7"><a href="${escapeHtml(stopUrl)}" style="color:#5f6672">${stopWords}</a></div>`
}

/** The name stands beside the logo, because many mail readers show no pictures until they are asked to. */
function headOf({ name, logo }: MailBrand): string {
  const size = logo && fitLogo(logo, { width: 160, height: 32 })
  const picture =
    logo && size
      ? `<img src="${escapeHtml(logo.path)}" alt="" width="${size.width}" height="${size.height}" style="vertical-align:middle;margin-right:10px;border:0">`
      : ''
  return `<div style="max-width:600px;margin:0 auto;padding:0 4px 14px;color:#1f2329;font-size:15px;font-weight:600;line-height:32px">${picture}<bdi>${escapeHtml(name)}</bdi></div>`
}
