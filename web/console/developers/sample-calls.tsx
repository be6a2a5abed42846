import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { CopyButton } from '../../ui/values/copy.tsx'
import './developers.css'

/** The first calls that a developer makes, with its devId and with a department and a member that it sees. */
export function SampleCalls(props: { developer: Answer<'/web/developers/one'> }): ReactNode {
  const t = useText('developers')
  const { devId, baseUrl, sample } = props.developer
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div className="wisp-quiet">{t('sampleHint')}</div>
      <Sample
        title={t('sampleToken')}
        code={`curl '${baseUrl}/api/token/getDevToken?devId=${devId}&devSecret=<devSecret>'`}
      />
      {sample.orgId ? (
        <Sample
          title={t('sampleCall')}
          code={`curl '${baseUrl}/api/org/list?orgId=${sample.orgId}&devToken=<devToken>'`}
        />
      ) : null}
      {sample.userId ? (
        <Sample
          title={t('sampleMember')}
          code={`curl '${baseUrl}/api/user/get?userId=${encodeURIComponent(sample.userId)}&devToken=<devToken>'`}
        />
      ) : null}
      {sample.orgId || sample.userId ? null : <div>{t('sampleNone')}</div>}
      <div className="wisp-quiet">{t('openDocsHint')}</div>
    </div>
  )
}

function Sample(props: { title: string; code: string }): ReactNode {
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', justifyContent: 'space-between' }}>
        <strong>{props.title}</strong>
        <CopyButton value={props.code} what={props.title} withText />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <section className="developers-code" tabIndex={0} aria-label={props.title}>
        <pre>{props.code}</pre>
      </section>
    </div>
  )
}
