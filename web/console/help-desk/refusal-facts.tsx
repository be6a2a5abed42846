import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'

type Refusal = Answer<'/web/help-desk/person'>['refusals'][number]
type Call = NonNullable<Answer<'/web/help-desk/find'>['call']>

type Fact = [name: string, value: ReactNode]

function Facts({ facts }: { facts: Fact[] }): ReactNode {
  return (
    <dl className="help-desk-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What was refused, and what to do about it; `isWhole` with all that is known of it. */
export function RefusalFacts({ refusal, isWhole }: { refusal: Refusal; isWhole?: boolean }): ReactNode {
  const t = useText('help-desk')
  const clientName = useClientName()
  const { number, what, place, at, detail, advice, address, userAgent } = refusal
  const said: Fact[] = detail && detail !== what ? [[t('said'), detail]] : []
  const more: Fact[] = [
    [t('device'), clientName(userAgent) || t('unknownDevice')],
    [t('address'), address],
  ]
  return (
    <>
      <p className="help-desk-what">
        <State kind="bad">{what}</State>
      </p>
      <Facts
        facts={[
          [t('where'), place],
          [t('when'), <Time key="at" at={at} />],
          ...said,
          ...(isWhole ? more : [[t('number'), <code key="number">{number}</code>] satisfies Fact]),
          [t('todo'), <strong key="todo">{advice}</strong>],
        ]}
      />
    </>
  )
}

export function CallFacts({ call }: { call: Call }): ReactNode {
  const t = useText('help-desk')
  const { at, path, developer, code, words } = call
  const isGood = code === '0'
  return (
    <Facts
      facts={[
        [t('when'), <Time key="at" at={at} />],
        [t('developer'), developer],
        [t('path'), <code key="path">{path}</code>],
        [
          t('result'),
          <State key="result" kind={isGood ? 'good' : 'bad'}>
            {isGood ? t('succeeded') : [code, words].filter(Boolean).join(' ')}
          </State>,
        ],
      ]}
    />
  )
}
