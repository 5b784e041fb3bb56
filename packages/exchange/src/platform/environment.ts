/** Which of the operator's two service desks is meant. A credential alone decides it; addresses are the same for both. */
export type Environment = 'sandbox' | 'production'

export const ENVIRONMENTS = ['sandbox', 'production'] as const satisfies readonly Environment[]
