import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import '../developers.css'

type TestAnswer = Answer<'/web/developers/webhooks/test'>

/** A request of a webhook and its answer, as they were sent. */
export function Exchange(props: { sent: Pick<TestAnswer, 'status' | 'error' | 'exchange'> }): ReactNode {
  const t = useText('webhooks')
  const { status, error, exchange } = props.sent
  const { url, headers, body, isCut, answer } = exchange
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const none = error ? t('noAnswer') : t('answerHidden')
  return (
    <div className="webhooks-exchange">
      <Part title={t('request')}>
        {[`POST ${url}`, ...head, '', readable(body), ...(isCut ? [t('cut')] : [])].join('\n')}
      </Part>
      <Part title={t('answer')}>
        {status === 0
          ? error || none
          : [`HTTP ${status}`, ...(answer ? [answer.type, '', answer.body] : [none])].join('\n')}
      </Part>
    </div>
  )
}

function Part(props: { title: string; children: string }): ReactNode {
  return (
    <div>
      <h4>{props.title}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="developers-code" tabIndex={0} aria-label={props.title}>
        <pre>{props.children}</pre>
      </section>
    </div>
  )
}

/** JSON that is whole, in lines. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}
