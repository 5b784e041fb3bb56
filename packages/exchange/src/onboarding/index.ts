export { onboardingRoutes } from './onboarding.routes.ts'
export { findPartnerThere } from './partners.ts'
