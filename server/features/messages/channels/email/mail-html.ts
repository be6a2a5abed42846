import type { EmailContent } from './content.ts'

/** Styles are inline because mail readers drop style sheets. The developer's text is escaped and never becomes markup. */
export function mailHtml({ subject, text, url, btntxt }: EmailContent): string {
  const font = "font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif"
  const button = url
    ? `<p style="margin:24px 0 0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 24px;background:#2468F2;color:#ffffff;text-decoration:none;border-radius:6px">${escapeHtml(btntxt)}</a></p>`
    : ''
  return `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="margin:0;padding:24px;background:#f5f6f8;${font}"><div style="max-width:600px;margin:0 auto;padding:24px 28px;background:#ffffff;border-radius:6px;color:#1f2329;font-size:14px;line-height:1.7"><h1 style="margin:0 0 16px;font-size:18px;line-height:1.4">${escapeHtml(subject)}</h1><div>${escapeHtml(text).replace(/\r?\n/g, '<br>')}</div>${button}</div></body></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, one => `&#${one.charCodeAt(0)};`)
}
