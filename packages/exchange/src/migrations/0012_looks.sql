-- When the last look at the instance got through: how far capture is behind, the same in every process.
alter table exchange.capture add column looked_at timestamptz;
