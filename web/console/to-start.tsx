import { Navigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** While no corp is connected every page that is about one leads to the page where that is done. */
export function ToStart(): ReactNode {
  return <Navigate to={'/console/start' as never} replace />
}
