[datetime]'2024-02-03'; ([datetime]'2024-02-03').ToString('o'); [timespan]::FromMinutes(90); (Get-Date '2024-02-03').DayOfWeek
