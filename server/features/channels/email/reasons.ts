import type { Words } from '../../../platform/words.ts'
import type { ReasonOf, ReasonText } from '../reason.ts'
import { isForGood } from './bounce-status.ts'

const otherMember: Words = {
  zh: '请换一名有邮箱的成员，或直接填写邮箱地址。',
  en: 'Choose a member with a mail address, or type an address.',
}
const configure: Words = { zh: '请先填写并保存邮件服务器。', en: 'Fill in and save the mail server first.' }

const stoppedAdvice: Words = {
  zh: '请更正成员的邮箱；邮箱已恢复时，在「消息中心 → 渠道 → 邮件」恢复发送。',
  en: 'Correct the mail address of the member. If the mailbox works again, free it in Message centre → Channels → Mail.',
}

export const emailReasons = {
  /** The SMTP server's answer, or what became of the connection. `answer`: the reply code, or the error's name. */
  smtp: {
    words: smtpWords,
    advice: (given: { answer: string; said: string }) => emailTextAdvice(smtpWords(given)),
  },
  /** The policy for outgoing calls does not allow the server's address. */
  emailNotAllowed: {
    words: ({ zh, en }: Words): Words => ({ zh: `邮件服务器 ${zh}`, en: `mail server: ${en}` }),
  },
  /** The name is not known, or nothing that is surely a mail server answered in our own network: the log alone tells which. */
  emailUnreachable: {
    words: (): Words => ({ zh: '连不上邮件服务器', en: 'the mail server cannot be reached' }),
    advice: {
      zh: '请核对主机名、端口、加密方式和证书机构，并确认防火墙放行；主机名查不到或服务器在内网时，详情只在 wisp 的日志里。',
      en: "Check the host's name, port, encryption and certificate authority, and that the firewall lets it through. Of a name that is not found, and of a server in the internal network, wisp's log alone has the details.",
    },
  },
  /** A mail server said later, by a bounce, that it was not delivered. */
  emailBounced: {
    words: ({ status, said }: { status: string; said: string }): Words => ({
      zh: `退信 ${status} ${said}`.trim(),
      en: `bounced: ${status} ${said}`.trim(),
    }),
    advice: ({ said, status }: { status: string; said: string }) =>
      isForGood(status) ? stoppedAdvice : emailTextAdvice(said),
  },
  /** An earlier bounce said that there is no such mailbox, or that it is disabled. */
  emailStopped: {
    words: ({ status }: { status: string }): Words => ({
      zh: `该邮箱曾退信（${status}），已停止发送`,
      en: `the address bounced (${status}), so nothing is sent to it`,
    }),
    advice: stoppedAdvice,
  },
  emailNoServer: {
    words: (): Words => ({ zh: '未配置邮件服务器（SMTP）', en: 'no mail server (SMTP) is configured' }),
    advice: configure,
  },
  emailFileGone: {
    words: ({ name }: { name: string }): Words => ({
      zh: `附件 ${name} 已删除`,
      en: `the attachment ${name} was deleted`,
    }),
  },
  emailNoAddress: {
    words: (): Words => ({ zh: '没有邮箱地址', en: 'no mail address' }),
    advice: otherMember,
  },
} satisfies Record<string, ReasonText>
export type EmailReason = ReasonOf<typeof emailReasons>

function smtpWords({ answer, said }: { answer: string; said: string }): string {
  return `SMTP ${answer} ${said}`.trim().slice(0, 500)
}

/**
 * Advice on the server's own words, by which alone SMTP and TLS tell causes apart, and on the texts of ours that were
 * stored before reasons had codes.
 */
export function emailTextAdvice(text: string): Words | undefined {
  return texts.find(([pattern]) => pattern.test(text))?.[1]
}

const texts: [RegExp, Words][] = [
  [/没有邮箱/, otherMember],
  [/未配置/, configure],
  [
    /\b(535|534|530)\b|EAUTH/,
    {
      zh: '请核对用户名和密码；QQ、163、Gmail 等邮箱要用「授权码」或「应用专用密码」，并先在邮箱设置中开启 SMTP。',
      en: 'Check the user name and the password. QQ, 163, Gmail and others want an authorization code or an app password, and SMTP turned on in the mailbox settings first.',
    },
  ],
  [
    /certificate|self.signed|CERT_|altnames/i,
    {
      zh: '证书不受信任：请核对服务器名与证书一致；自建证书机构请把其 PEM 证书填入「证书机构」。',
      en: "The certificate is not trusted: check that the server's name is the certificate's; for a private certificate authority put its PEM certificate into 'Certificate authority'.",
    },
  ],
  [
    /wrong version number|ETLS|STARTTLS/i,
    {
      zh: '加密方式与端口不符：465 端口通常用 TLS，587 端口通常用 STARTTLS，25 端口可能不加密。',
      en: 'Encryption and port do not fit: port 465 mostly takes TLS, port 587 mostly STARTTLS, port 25 may be without.',
    },
  ],
  [
    /ENOTFOUND|EAI_AGAIN|EDNS/,
    {
      zh: '找不到这个主机名，请核对拼写和本机的 DNS。',
      en: 'This host name is not found: check its spelling and the DNS of this machine.',
    },
  ],
  [
    /ECONNREFUSED/,
    {
      zh: '服务器拒绝连接，请核对主机与端口。',
      en: 'The server refuses the connection: check host and port.',
    },
  ],
  [
    /ETIMEDOUT|ECONNECTION|ESOCKET|EHOSTUNREACH|ENETUNREACH|timeout/i,
    {
      zh: '连接超时：请核对主机、端口和加密方式，并确认防火墙放行；许多云主机封禁 25 端口，请改用 465 或 587。',
      en: 'The connection timed out: check host, port and encryption, and that the firewall lets it through. Many cloud hosts block port 25: use 465 or 587.',
    },
  ],
  [
    /\b(553|501)\b|sender/i,
    {
      zh: '服务器不接受这个发件人：多数邮箱要求发件人地址与登录用户相同。',
      en: 'The server does not take this sender: most want its address to be the user that signs in.',
    },
  ],
  [
    /\b550\b/,
    {
      zh: '服务器拒收：请核对收件地址；若提示发件人或域名，请检查发件人地址和域名的 SPF、DKIM 记录。',
      en: "The server refused it: check the receiver's address; if it names the sender or the domain, check the sender's address and the domain's SPF and DKIM records.",
    },
  ],
  [
    /\b(554|571)\b/,
    {
      zh: '被判为垃圾邮件或策略拒绝：请检查发件域名的 SPF、DKIM、DMARC 记录。',
      en: "It was taken for spam or refused by policy: check the SPF, DKIM and DMARC records of the sender's domain.",
    },
  ],
  [
    /\b(421|450|451|452)\b/,
    {
      zh: '服务器暂时不接收，稍后会自动重试，无需重复发送。',
      en: 'The server takes no mail for now: it is tried again by itself later, there is no need to send it again.',
    },
  ],
]
