trap { "trapped $_"; continue }; throw 'bad'; 'on'
