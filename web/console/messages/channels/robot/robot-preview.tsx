import type { ReactNode } from 'react'
import type { RobotPreview as Preview } from '../../../../../server/features/channels/robot/preview.ts'
import { useText } from '../../../../ui/text.ts'

/** The message as a group shows it, and what each vendor is given. */
export function RobotPreview({ preview }: { preview: Preview }): ReactNode {
  const t = useText('group-robots')
  const { title, lines, mention, dialects } = preview
  return (
    <>
      <div className="wisp-mail">
        <div className="wisp-mail-body">
          {title ? <div className="wisp-mail-subject">{title}</div> : null}
          {lines.map((line, at) => (
            <div key={at} className="wisp-words">
              {line.map((part, index) => (
                <Part key={index} {...part} />
              ))}
            </div>
          ))}
          {mention.length > 0 ? <div className="wisp-fake-link">{mention.map(atName).join(' ')}</div> : null}
        </div>
      </div>
      {dialects.map(({ vendor, names, text }) => (
        <details key={vendor} className="wisp-fold" style={{ marginTop: 8 }}>
          <summary>{t('asSent', { vendor: t(vendor), names: names.join('、') })}</summary>
          <pre className="wisp-raw">{text}</pre>
        </details>
      ))}
    </>
  )
}

const atName = (userId: string) => (userId.startsWith('@') ? userId : `@${userId}`)

function Part({ text, isBold, href }: Preview['lines'][number][number]): ReactNode {
  if (href)
    return (
      <span className="wisp-fake-link" title={href}>
        {text}
      </span>
    )
  return isBold ? <strong>{text}</strong> : text
}
