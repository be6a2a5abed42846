import { type ComponentType, type CSSProperties, lazy, type ReactNode, Suspense } from 'react'

/** A field whose code comes when it is first shown. A field of its size stands there meanwhile, so that nothing moves. */
export function later<P extends { style?: CSSProperties | undefined }>(
  load: () => Promise<ComponentType<P>>,
): (props: P) => ReactNode {
  const Field = lazy(async () => ({ default: await load() }))
  return props => (
    <Suspense fallback={<span className="wisp-later" style={props.style} role="status" aria-busy="true" />}>
      <Field {...props} />
    </Suspense>
  )
}
