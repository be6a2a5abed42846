import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import '../../messages.css'
import './template-card.css'

/** A template message or 订阅通知 as WeChat draws it. */
export function TemplateCard(props: {
  account: string
  title: string
  rows: readonly { label: string; value: string }[]
  link: string
}): ReactNode {
  const t = useText('messages')
  const { account, title, rows, link } = props
  return (
    <div className="wisp-phone">
      <div className="wisp-bubble">
        <div className="wisp-bubble-note">{account}</div>
        <div className="wisp-template-title">{title}</div>
        <dl className="wisp-template-rows">
          {rows.map(({ label, value }, index) => (
            <div key={index}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {link ? (
          <div className="wisp-template-link" title={link}>
            {t('seeDetails')}
          </div>
        ) : null}
      </div>
    </div>
  )
}
