import { type ComponentType, type CSSProperties, type ReactNode, Suspense, use, useState } from 'react'
import { ErrorBoundary, ErrorState, Loading } from '../feedback.tsx'
import { expectedTexts } from '../text.ts'

type Load<P> = () => Promise<ComponentType<P>>

/**
 * A part of a page that is not seen at first: a form in a drawer, a tab. Its code comes when it is shown, or before that: as soon as a
 * pointer, a finger or the keyboard's focus comes to the page, so that nobody waits for what they press. Until it is there, `meanwhile`
 * stands in its place.
 */
export function later<P extends object>(
  load: Load<P>,
  meanwhile: ReactNode | ((props: P) => ReactNode) = <Loading />,
): (props: P) => ReactNode {
  const part = loadedOnce(load)
  wanted.add(part)
  const Part = (props: P) => {
    const Loaded = use(part())
    return <Loaded {...props} />
  }
  return props => (
    <ErrorBoundary fallback={(error, retry) => <ErrorState error={error} retry={retry} />}>
      <Suspense fallback={typeof meanwhile === 'function' ? meanwhile(props) : meanwhile}>
        <Part {...props} />
      </Suspense>
    </ErrorBoundary>
  )
}

/** `later` for a field. One of its size stands there meanwhile, so that nothing moves. */
export function laterField<P extends { style?: CSSProperties | undefined }>(
  load: Load<P>,
): (props: P) => ReactNode {
  return later(load, ({ style }) => (
    <span className="wisp-later" style={style} role="status" aria-busy="true" />
  ))
}

/** `later` for a drawer or dialog. */
export function laterDialog<P extends { isOpen: boolean }>(load: Load<P>): (props: P) => ReactNode {
  const Dialog = later(load, null)
  return props => (useWasOpen(props.isOpen) ? <Dialog {...props} /> : null)
}

/** Whether something was open, since it has to be there while it closes. */
export function useWasOpen(isOpen: boolean): boolean {
  const [was, setWas] = useState(isOpen)
  if (isOpen && !was) setWas(true)
  return was || isOpen
}

/** What fails is loaded again when it is next asked for. */
function loadedOnce<P>(load: Load<P>): () => Promise<ComponentType<P>> {
  let loading: Promise<ComponentType<P>> | undefined
  return () => {
    if (loading) return loading
    const begun = withTexts(load)
    loading = begun
    begun.then(
      // What is there already is shown in the same render: React reads this of a promise before it waits.
      value => Object.assign(begun, { status: 'fulfilled', value }),
      () => {
        loading = undefined
      },
    )
    return begun
  }
}

async function withTexts<P>(load: Load<P>): Promise<ComponentType<P>> {
  const part = await load()
  await expectedTexts()
  return part
}

const wanted = new Set<() => Promise<unknown>>()

function loadWanted({ target }: Event): void {
  if (!(target instanceof Element) || !target.closest('main > *')) return
  const parts = [...wanted]
  wanted.clear()
  // One that fails is loaded when it is shown, which says why if it fails again.
  for (const part of parts) part().catch(() => undefined)
}

for (const name of ['pointerover', 'pointerdown', 'focusin'])
  document.addEventListener(name, loadWanted, { passive: true })
