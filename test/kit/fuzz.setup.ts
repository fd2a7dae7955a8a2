export { default } from './journeys.setup.ts';
