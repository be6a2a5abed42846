import type { ReactNode } from 'react'
import { Loading } from '../../ui/feedback.tsx'
import './layout.css'

/** The shape of the console until it is known who is signed in; index.html shows the same before any code is there. */
export function FrameSkeleton(): ReactNode {
  return (
    <div className="console">
      <div className="console-sider" />
      <div className="console-main">
        <div className="console-header" />
        <div className="console-content">
          <Loading height={400} />
        </div>
      </div>
    </div>
  )
}
