import { type ReactNode, useEffect, useState } from 'react'
import { useErrorText } from '../../ui/data/error-text.ts'
import { usePageName } from '../../ui/page-name.ts'
import { useText } from '../../ui/text.ts'
import { runTrial, type Trial, TrialFailed } from './run-trial.ts'
import './trial.css'

const path = /^\/signin\/trial\/([^/]+)$/

/** The app that is to be tried; undefined on any other page. */
export function triedApp(): string | undefined {
  const id = path.exec(location.pathname)?.[1]
  return id === undefined ? undefined : decodeURIComponent(id)
}

let running: Promise<Trial | undefined> | undefined

/** Signs in to an app as it would itself, and shows what it would receive. */
export function TrialPage({ appId }: { appId: string }): ReactNode {
  const t = useText('trial')
  usePageName(t('title'), '')
  const [trial, setTrial] = useState<Trial>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    // Once for each visit of the page, because a code is good once.
    running ??= runTrial(appId, new URLSearchParams(location.search))
    running.then(setTrial, setError)
  }, [appId])
  return (
    <main className="trial">
      <h1>{t('title')}</h1>
      {error === undefined ? null : <Failed error={error} />}
      {trial ? <Shown trial={trial} /> : null}
      {trial || error !== undefined ? (
        <p>
          <a href={location.pathname}>{t('again')}</a> <span className="trial-quiet">{t('close')}</span>
        </p>
      ) : (
        <p role="status">{t('begin')}</p>
      )}
    </main>
  )
}

function Shown({ trial: { received, noPhone } }: { trial: Trial }): ReactNode {
  const t = useText('trial')
  return (
    <>
      <p className="trial-good" role="status">
        {t('done')}
      </p>
      {noPhone ? <p role="note">{t(noPhone)}</p> : null}
      {received.map(({ title, text }) => (
        <section key={title}>
          <h2>{t(title)}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
          <pre tabIndex={0}>{text}</pre>
        </section>
      ))}
    </>
  )
}

function Failed({ error }: { error: unknown }): ReactNode {
  const t = useText('trial')
  const textOf = useErrorText()
  const step = error instanceof TrialFailed ? error.values['step'] : undefined
  const steps = {
    stepToken: t('stepToken'),
    stepUserinfo: t('stepUserinfo'),
    stepValidate: t('stepValidate'),
  }
  const words =
    error instanceof TrialFailed
      ? t(error.key, { ...error.values, step: steps[step as keyof typeof steps] ?? '' })
      : textOf(error)
  return (
    <div role="alert" className="trial-bad">
      <strong>{t('failed')}</strong>
      <p>{words}</p>
    </div>
  )
}
