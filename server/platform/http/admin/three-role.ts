/** The three administrators (三员): what one of them does, no other may. */
export const threeRoles = ['system', 'security', 'auditor'] as const
export type ThreeRole = (typeof threeRoles)[number]

/** Of somebody where the three are separated. `as`: which of them they are, if any. */
export type Separation = { readonly as: ThreeRole | undefined }
